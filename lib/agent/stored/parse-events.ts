import * as z from 'zod'
import { reasoningEfforts, verbosities } from '@/lib/models'
import { attachmentSchema } from '../attachments/attachment-schema'
import type { AgentEvent } from '../events'
import { limitHitSchema, limitsSchema } from '../limits/limits-schema'
import {
  costSchema as cost,
  failureSchema,
  attemptIndexSchema as index,
  pickFields,
  resultSchema as result,
  roomFields,
  usageSchema as usage,
  verificationSchema as verification,
} from './event-part-schemas'
import { itemSchema } from './item-schema'
import { reviewOutcomeSchema } from './review-outcome-schema'

const text = z.string()
const number = z.number()
const data = z.union([text, z.object({ base64: z.base64() })]).nullable()
const mode = z.enum(['ask', 'plan', 'edit'])
const decision = z.enum(['once', 'always', 'deny'])

/** What a `Date` can hold, in milliseconds. */
const maxTime = 8.64e15
const base = { seq: number, at: number.min(0).max(maxTime), turnId: text }
const event = <Type extends AgentEvent['type'], Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  z.object({ ...base, type: z.literal(type), ...fields })

/** Every event that is recorded, whole: what a reader gets has no surprises in it. Deltas are never recorded. */
const plain = z.discriminatedUnion('type', [
  event('turn-start', {
    text,
    mode,
    model: text,
    policy: z.enum(['read-only', 'review', 'auto']),
    promptPack: text,
    candidates: index.optional(),
    attachments: z.array(attachmentSchema).optional(),
    effort: z.enum(reasoningEfforts).optional(),
    verbosity: z.enum(verbosities).optional(),
    limits: limitsSchema.optional(),
    review: z.array(reviewOutcomeSchema).optional(),
  }),
  event('step-start', { step: number, items: number, prefixItems: number, bytes: number }),
  event('text-start', { itemKey: text }),
  event('text-end', { itemKey: text, text }),
  event('reasoning-end', { itemKey: text, text }),
  event('tool-call-start', { callId: text, tool: text }),
  event('tool-call-ready', { callId: text, tool: text, input: text }),
  event('approval-request', {
    approval: z.object({
      id: text,
      callId: text,
      tool: text,
      title: text,
      detail: text,
      reason: text,
      rule: text.nullable(),
    }),
  }),
  event('approval-decision', { id: text, callId: text, decision, reason: text.optional() }),
  event('question-request', {
    questions: z.object({
      id: text,
      callId: text,
      questions: z.array(z.object({ id: text, question: text, options: z.array(text) })),
    }),
  }),
  event('question-answer', { id: text, callId: text, answers: z.record(text, text).nullable() }),
  event('tool-start', { callId: text, tool: text, title: text, detail: text }),
  event('tool-end', { callId: text, tool: text, result, durationMs: number }),
  event('step-end', {
    step: number,
    usage: usage.nullable(),
    cost: cost.optional(),
    durationMs: number,
    firstEventMs: number,
    failure: failureSchema.optional(),
  }),
  event('history', { items: z.array(itemSchema) }),
  event('checkpoint', { checkpointId: text, label: text }),
  event('steer', { text }),
  event('limit-raised', limitHitSchema.omit({ allowed: true }).shape),
  event('taint', { source: text, callId: text.optional() }),
  event('retry', { attempt: number, maxAttempts: number, delayMs: number, reason: text }),
  event('notice', { level: z.enum(['info', 'warning']), message: text }),
  event('compaction', roomFields.compaction),
  event('compaction-failed', roomFields['compaction-failed']),
  event('summary-use', roomFields['summary-use']),
  event('compaction-undone', { compactionSeq: number }),
  event('review-step', {
    step: number,
    of: text,
    model: text,
    usage: usage.nullable(),
    cost: cost.optional(),
    durationMs: number,
  }),
  event('turn-end', {
    result: z.object({
      status: z.enum(['done', 'stopped', 'failed', 'waiting']),
      message: text,
      verified: z.boolean().nullable(),
      usage,
      cost: cost.nullable().optional(),
      steps: number,
      durationMs: number,
      error: z.object({ code: text, message: text, action: text, limit: limitHitSchema.optional() }).optional(),
    }),
  }),
])

/** What attempts did is kept within the turn, one level deep. */
const recorded = z.discriminatedUnion('type', [
  ...plain.options,
  event('candidates-start', {
    total: index,
    indexes: z.array(index).max(8),
    hasTests: z.boolean(),
    goOn: z.array(index).max(8).optional(),
  }),
  event('candidate-event', { index, event: plain }),
  event('candidate-end', {
    index,
    status: z.enum(['done', 'failed', 'stopped']),
    message: text,
    verification: verification.nullable(),
    changes: z.array(z.object({ path: text, before: data, after: data })),
    links: z.array(z.object({ path: text, target: text.nullable() })).optional(),
    executables: z.array(z.object({ path: text, executable: z.boolean() })).optional(),
    usage,
    steps: number,
    durationMs: number,
    reason: text.optional(),
    limit: limitHitSchema.optional(),
    toldSteps: number.optional(),
  }),
  event('candidates-picked', pickFields),
  event('candidates-checked', { verification }),
])

/**
 * The recorded events among what storage, a link or a file carried, untouched; anything else is left out, and so is a
 * second turn of the same name. Whoever folds or shows them needs no checks of its own.
 */
export function parseEvents(values: readonly unknown[]): AgentEvent[] {
  const turns = new Set<string>()
  return values.filter((value): value is AgentEvent => {
    const { data } = recorded.safeParse(value)
    if (data?.type !== 'turn-start') return data !== undefined
    const isNew = !turns.has(data.turnId)
    turns.add(data.turnId)
    return isNew
  })
}
