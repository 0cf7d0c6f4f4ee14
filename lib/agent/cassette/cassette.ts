import * as z from 'zod'
import type { ResponseItem } from '@/lib/models'
import type { RecordedResponse } from '@/lib/models/replay'
import type { PolicyMode } from '@/lib/safety'
import type { ReviewOutcome } from '@/lib/workspace'
import type { Attachment } from '../attachments'
import { attachmentSchema } from '../attachments/attachment-schema'
import type { Answers, ApprovalDecision, ToolResult, TurnMode, TurnResult } from '../events'
import { itemSchema } from '../item-schema'
import { pictureSchema } from '../picture-schema'
import { reviewOutcomeSchema } from '../review-outcome-schema'

/** A conversation that can be played again without a model, a sandbox or a network. */
export interface Cassette {
  version: 1
  title: string
  promptPack: string
  freeformTools: boolean
  /** What was said before the first turn, where the conversation begins with what cannot be played. */
  history?: ResponseItem[]
  /** Text files before the first turn. */
  files: Record<string, string>
  turns: CassetteTurn[]
}

export interface CassetteTurn {
  text: string
  mode: TurnMode
  policy: PolicyMode
  model: string
  /** Milliseconds since the epoch; the model is told the date. */
  at: number
  /** What others changed since the turn before; null deletes. */
  edits: Record<string, string | null>
  attachments?: readonly Attachment[]
  review?: readonly ReviewOutcome[]
  responses: RecordedResponse[]
  /** What the tools gave, by call id. */
  results: Record<string, ToolResult>
  /** What they wrote, for all tools but patches, by call id. */
  effects: Record<string, Record<string, string | null>>
  decisions: Record<string, { decision: ApprovalDecision; reason?: string }>
  answers: Record<string, Answers>
  /** What the user said meanwhile, by the step after which it was delivered. */
  steering: { step: number; text: string }[]
  /** How it ended: the same again is what a replay has to show. */
  expected: {
    status: TurnResult['status']
    verified: boolean | null
    steps: number
    message: string
    /** Path → content key of every text file. */
    files: Record<string, string>
  }
}

const text = z.string()
const record = <Value extends z.ZodType>(value: Value) => z.record(text, value)
const schema = z.object({
  version: z.literal(1),
  title: text,
  promptPack: text,
  freeformTools: z.boolean(),
  history: z.array(itemSchema).optional(),
  files: record(text),
  turns: z.array(
    z.object({
      text,
      mode: z.enum(['ask', 'plan', 'edit']),
      policy: z.enum(['read-only', 'review', 'auto']),
      model: text,
      at: z.number(),
      attachments: z.array(attachmentSchema).optional(),
      review: z.array(reviewOutcomeSchema).optional(),
      edits: record(text.nullable()),
      responses: z.array(z.object({ items: z.number(), events: z.array(z.looseObject({ type: text })) })),
      results: record(z.looseObject({ ok: z.boolean(), output: text, summary: text, image: pictureSchema.optional() })),
      effects: record(record(text.nullable())),
      decisions: record(z.object({ decision: z.enum(['once', 'always', 'deny']), reason: text.optional() })),
      answers: record(record(text).nullable()),
      steering: z.array(z.object({ step: z.number(), text })),
      expected: z.object({
        status: z.enum(['done', 'stopped', 'failed', 'waiting']),
        verified: z.boolean().nullable(),
        steps: z.number(),
        message: text,
        files: record(text),
      }),
    }),
  ),
})

/** Throws a sentence that names what is wrong when the value is no cassette. */
export function parseCassette(value: unknown): Cassette {
  const parsed = schema.safeParse(value)
  if (parsed.success) return value as Cassette
  const [issue] = parsed.error.issues
  throw new Error(`This is no cassette: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`)
}
