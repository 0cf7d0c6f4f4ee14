import * as z from 'zod'
import { messageOf } from '@/lib/base'
import type { Tool } from '../types'
import { coerce, repairJson, withoutNull } from './repair-arguments'

// The page's policy forbids eval; zod would probe for it, and the browser would report a violation.
z.config({ jitless: true })

interface JsonToolOptions<Schema extends z.ZodObject> {
  name: string
  description: string
  arguments: Schema
  parallel: boolean
  repeatable?: boolean
  describe: Tool<z.infer<Schema>>['describe']
  effect: Tool<z.infer<Schema>>['effect']
  execute: Tool<z.infer<Schema>>['execute']
}

/** A tool that takes JSON arguments: one schema is what the model is told and what its arguments are held against. */
export function jsonTool<Schema extends z.ZodObject>(options: JsonToolOptions<Schema>): Tool<z.infer<Schema>> {
  const { name, description, parallel, repeatable, describe, effect, execute } = options
  const { $schema, ...parameters } = z.toJSONSchema(options.arguments, { io: 'input' })
  return {
    // Strict mode would demand every optional argument.
    definition: { type: 'function', name, description, parameters, strict: false },
    parallel,
    ...(repeatable && { repeatable }),
    parse: (raw) => parseArguments(options.arguments, raw),
    describe,
    effect,
    execute,
  }
}

function parseArguments<Schema extends z.ZodObject>(
  schema: Schema,
  raw: string,
): ReturnType<Tool<z.infer<Schema>>['parse']> {
  let data: unknown
  try {
    data = raw.trim() === '' ? {} : JSON.parse(raw, withoutNull)
  } catch (error) {
    data = repairJson(raw)
    if (typeof data !== 'object' || data === null) {
      return {
        ok: false,
        message: `the arguments are not valid JSON (${messageOf(error)}). Expected ${signature(schema)}.`,
      }
    }
  }
  const parsed = schema.safeParse(data)
  if (parsed.success) return { ok: true, input: parsed.data }
  const coerced = schema.safeParse(coerce(data, z.toJSONSchema(schema, { io: 'input' })))
  if (coerced.success) return { ok: true, input: coerced.data }
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`)
  return { ok: false, message: `${issues.join('; ')}. Expected ${signature(schema)}.` }
}

/** `{"command": string, "workdir"?: string}`, for a model that got it wrong. */
function signature(schema: z.ZodObject): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' })
  const fields = Object.entries(properties).map(([name, property]) => {
    const type =
      typeof property === 'object' ? (property.enum?.map((value) => `"${value}"`).join(' | ') ?? property.type) : 'any'
    return `"${name}"${required.includes(name) ? '' : '?'}: ${type}`
  })
  return `{${fields.join(', ')}}`
}
