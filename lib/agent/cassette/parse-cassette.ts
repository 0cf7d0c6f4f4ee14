import * as z from 'zod'
import { attachmentSchema } from '../attachments/attachment-schema'
import { limitHitSchema } from '../limits/limits-schema'
import {
  attemptIndexSchema,
  failureSchema,
  pickFields,
  resultSchema,
  roomFields,
  usageSchema,
  verificationSchema,
} from '../stored/event-part-schemas'
import { itemSchema } from '../stored/item-schema'
import { reviewOutcomeSchema } from '../stored/review-outcome-schema'
import { type Cassette, cassetteVersion } from './cassette'

const text = z.string()
const count = z.int().nonnegative()
const record = <Value extends z.ZodType>(value: Value) => z.record(text, value)
const type = <Type extends string>(name: Type) => z.literal(name)
const effects = record(text.nullable())

const delta = { index: count, delta: text }
const modelEvent = z.discriminatedUnion('type', [
  z.object({ type: type('created'), responseId: text, model: text }),
  z.object({ type: type('item-start'), index: count, item: itemSchema }),
  z.object({ type: type('text-delta'), ...delta }),
  z.object({ type: type('reasoning-delta'), ...delta }),
  z.object({ type: type('tool-input-delta'), ...delta }),
  z.object({ type: type('item-end'), index: count, item: itemSchema }),
  z.object({ type: type('completed'), responseId: text, usage: usageSchema.nullable() }),
  z.object({ type: type('failed'), error: failureSchema, usage: usageSchema.optional() }),
])
const run = {
  responses: z.array(z.object({ items: count, events: z.array(modelEvent) })),
  results: record(resultSchema),
  effects: record(effects),
}

const after = { after: count }
const aside = z.discriminatedUnion('type', [
  z.object({ type: type('compaction'), ...after, ...roomFields.compaction }),
  z.object({ type: type('compaction-failed'), ...after, ...roomFields['compaction-failed'] }),
  z.object({ type: type('summary-use'), ...after, ...roomFields['summary-use'] }),
  z.object({ type: type('told'), ...after, items: z.array(itemSchema) }),
  z.object({ type: type('end'), ...after, limit: limitHitSchema.optional() }),
  z.object({ type: type('limit-raised'), ...after, ...limitHitSchema.omit({ allowed: true }).shape }),
  ...(['compaction-undone', 'cut', 'left'] as const).map((name) => z.object({ type: type(name), ...after })),
])

const attempt = z.object({
  ...run,
  index: attemptIndexSchema,
  verification: verificationSchema.nullable(),
  limit: limitHitSchema.optional(),
  expected: z.object({ status: z.enum(['done', 'stopped', 'failed']), steps: count, message: text, files: effects }),
})
const race = z.object({
  total: attemptIndexSchema.min(2),
  runs: z.array(
    z.object({
      atOnce: count,
      order: z.array(attemptIndexSchema),
      attempts: z.array(attempt),
      ranking: z.array(attemptIndexSchema),
    }),
  ),
  pick: z.object(pickFields).nullable(),
  checked: verificationSchema.nullable(),
  edits: effects,
})

const turn = z.object({
  ...run,
  text,
  mode: z.enum(['ask', 'plan', 'edit']),
  policy: z.enum(['read-only', 'review', 'auto']),
  model: text,
  at: z.number().min(0).max(8.64e15),
  edits: effects,
  attachments: z.array(attachmentSchema).optional(),
  review: z.array(reviewOutcomeSchema).optional(),
  context: z.array(itemSchema).optional(),
  decisions: record(z.object({ decision: z.enum(['once', 'always', 'deny']), reason: text.optional() })),
  answers: record(record(text).nullable()),
  steering: z.array(z.object({ step: count, text })),
  asides: z.array(aside).optional(),
  race: race.optional(),
  expected: z.object({
    status: z.enum(['done', 'stopped', 'failed', 'waiting']),
    verified: z.boolean().nullable(),
    steps: count,
    message: text,
    files: record(text),
  }),
})

const cassette = z.object({
  version: z.literal([1, cassetteVersion]),
  title: text,
  promptPack: text,
  freeformTools: z.boolean(),
  history: z.array(itemSchema).optional(),
  files: record(text),
  turns: z.array(turn),
})

/** Throws a sentence that names what is wrong when the value is no cassette. */
export function parseCassette(value: unknown): Cassette {
  const newer = z.looseObject({ version: z.int().min(cassetteVersion + 1), turns: z.array(z.unknown()) })
  const { data } = newer.safeParse(value)
  if (data) {
    throw new Error(
      `This cassette has format ${data.version}, which a newer version of Vitrine writes; this one reads up to ${cassetteVersion}. Update Vitrine to play it.`,
    )
  }
  const parsed = cassette.safeParse(value)
  // What was looked at, and nothing beside it.
  if (parsed.success) return parsed.data as Cassette
  const [issue] = parsed.error.issues
  throw new Error(`This is no cassette: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`)
}
