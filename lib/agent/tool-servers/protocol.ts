import * as z from 'zod'

/** Model Context Protocol, streamable HTTP. Source: the specification of 2025-06-18. */
export const protocolVersion = '2025-06-18'
/** Older ones that differ in nothing we use. */
export const knownVersions: readonly string[] = [protocolVersion, '2025-03-26']

/** A description of arguments that is longer helps nobody. */
const maxSchemaChars = 32_000

const id = z.union([z.string(), z.number()])

/** Whatever a server may send: an answer, a question of its own, or news. */
export const incoming = z.object({
  jsonrpc: z.literal('2.0'),
  id: id.nullish(),
  method: z.string().optional(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
})
export type Incoming = z.infer<typeof incoming>

export const initializeResult = z.object({
  protocolVersion: z.string(),
  capabilities: z.record(z.string(), z.unknown()).catch({}),
  serverInfo: z.object({ name: z.string().catch(''), version: z.string().catch('') }).catch({ name: '', version: '' }),
})

const tool = z.object({
  name: z.string().regex(/^[\w./-]{1,128}$/),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()).refine((schema) => JSON.stringify(schema).length <= maxSchemaChars),
  annotations: z.object({ readOnlyHint: z.boolean().optional() }).optional().catch(undefined),
})

/** Tools that are not described as the protocol wants are passed over one by one. */
export const toolList = z.object({
  tools: z.array(z.unknown()).transform((tools) =>
    tools.flatMap((entry) => {
      const parsed = tool.safeParse(entry)
      return parsed.success ? [parsed.data] : []
    }),
  ),
  nextCursor: z.string().nullish(),
})

export const callResult = z.object({
  content: z.array(z.looseObject({ type: z.string() })).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
})
export type CallResult = z.infer<typeof callResult>
