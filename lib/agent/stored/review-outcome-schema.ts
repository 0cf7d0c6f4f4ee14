import * as z from 'zod'
import type { ReviewOutcome } from '@/lib/workspace'

const text = z.string()

export const reviewOutcomeSchema: z.ZodType<ReviewOutcome> = z.object({
  id: text,
  path: text,
  outcome: z.enum(['kept', 'undone', 'edited', 'commented', 'reopened']),
  lines: z.object({ start: z.number(), end: z.number() }).nullable(),
  comment: text.optional(),
  before: text.optional(),
  after: text.optional(),
})
