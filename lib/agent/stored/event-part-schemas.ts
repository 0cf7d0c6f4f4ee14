import * as z from 'zod'
import type { Verification } from '../events'
import { itemSchema } from './item-schema'
import { pictureSchema } from './picture-schema'

// What events hold, for all that read recorded ones.

// The page's policy forbids eval; zod would probe for it, and the browser would report a violation.
z.config({ jitless: true })

const text = z.string()
const number = z.number()

export const usageSchema = z.object({
  inputTokens: number,
  cachedInputTokens: number,
  cacheWriteTokens: number,
  outputTokens: number,
  reasoningTokens: number,
  totalTokens: number,
})
export const costSchema = number.nonnegative()
export const failureSchema = z.object({
  kind: z.enum(['retryable', 'fatal']),
  code: text,
  message: text,
  delayMs: number.optional(),
})

const place = z.object({ file: text, line: number, column: number })
const testCase = z.object({
  name: text,
  status: z.enum(['passed', 'failed', 'skipped', 'todo']),
  durationMs: number,
  error: text.optional(),
  location: place.optional(),
})
const report = z.object({
  passed: number,
  failed: number,
  skipped: number,
  durationMs: number,
  suites: z.array(z.object({ file: text, error: text.optional(), tests: z.array(testCase) })),
})
const diagnostic = z.object({
  ...{ path: text, line: number, column: number, endLine: number, endColumn: number },
  ...{ severity: z.enum(['error', 'warning', 'info']), message: text, code: text },
})
const finding = z.object({
  ...{ path: text, line: number, column: number },
  ...{ severity: z.enum(['high', 'medium', 'low']), rule: text, message: text },
})
export const verificationSchema: z.ZodType<Verification> = z.object({
  verified: z.boolean(),
  tests: report.nullable(),
  affected: z.array(text).nullable(),
  types: z.object({ errors: z.array(diagnostic) }).nullable(),
  findings: z.array(finding).nullable(),
  notChecked: z.array(z.object({ what: z.enum(['tests', 'types', 'scan']), why: text })),
  durationMs: number,
})

export const resultSchema = z.object({
  ok: z.boolean(),
  output: text,
  summary: text,
  changes: z
    .array(z.object({ path: text, kind: z.enum(['add', 'update', 'delete']), additions: number, deletions: number }))
    .optional(),
  verification: verificationSchema.optional(),
  plan: z.array(z.object({ step: text, status: z.enum(['pending', 'in_progress', 'completed']) })).optional(),
  image: pictureSchema.or(z.literal('')).optional(),
  seen: z.array(z.object({ path: text, key: text })).optional(),
})

const reason = z.enum(['limit', 'overflow', 'user'])
/** By the type of event. */
export const roomFields = {
  compaction: {
    reason,
    kept: z.object({ userMessages: number, steps: number, items: number }),
    droppedItems: number,
    tokensBefore: number,
    tokensAfter: number,
    summary: text,
    items: z.array(itemSchema),
    prompt: text,
    refusal: text.optional(),
    usage: usageSchema.nullable(),
    cost: costSchema.optional(),
    durationMs: number,
    prepared: z.boolean(),
  },
  'compaction-failed': {
    reason,
    message: text,
    usage: usageSchema.nullable().optional(),
    cost: costSchema.optional(),
  },
  'summary-use': { usage: usageSchema, cost: costSchema.optional() },
}

export const attemptIndexSchema = z.int().min(0).max(8)
export const pickFields = {
  index: attemptIndexSchema,
  by: z.enum(['user', 'rank']),
  files: z.array(z.object({ path: text, index: attemptIndexSchema })),
}
