import * as z from 'zod'

// For readers of recorded events; a page opens without them.

const amount = z.number().positive().nullable()
const limitSet = z.object({ steps: amount, tokens: amount, seconds: amount, dollars: amount })
export const limitsSchema = z.object({ turn: limitSet, thread: limitSet })

export const limitHitSchema = z.object({
  scope: z.enum(['turn', 'thread']),
  limit: z.enum(['steps', 'tokens', 'seconds', 'dollars']),
  allowed: z.number(),
  by: z.number().positive(),
})
