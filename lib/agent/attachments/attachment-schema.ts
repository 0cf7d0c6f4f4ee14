import * as z from 'zod'
import type { Attachment } from './attachment'

const text = z.string()
const number = z.number()

export const attachmentSchema: z.ZodType<Attachment> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: text, startLine: number.optional(), endLine: number.optional() }),
  z.object({ kind: z.literal('symbol'), path: text, name: text, line: number }),
  z.object({ kind: z.literal('test'), path: text, name: text, error: text }),
  z.object({ kind: z.literal('problem'), path: text, line: number, message: text }),
  z.object({
    kind: z.literal('finding'),
    path: text,
    startLine: number,
    endLine: number,
    priority: number,
    title: text,
    body: text,
  }),
  z.object({
    kind: z.literal('checkpoint'),
    id: text,
    label: text,
    changes: z.array(z.object({ path: text, kind: z.enum(['add', 'update', 'delete']) })),
  }),
  z.object({ kind: z.literal('record'), of: text, text }),
  z.object({ kind: z.literal('image'), name: text, dataUrl: text }),
])
