import * as z from 'zod'
import type { ToolDefinition } from '@/lib/models'

const { $schema, ...parameters } = z.toJSONSchema(
  z.object({
    overview: z.string().describe('what the changes do and whether they are right, in one or two sentences'),
    findings: z.array(
      z.object({
        priority: z.int().min(0).max(3).describe('0 is the worst'),
        title: z.string().describe('what goes wrong'),
        body: z.string().describe('why, in which case, and what to do about it'),
        path: z.string().describe('relative to the project'),
        start_line: z.int().describe('in the file as it is now, from 1'),
        end_line: z.int().describe('included'),
        confidence: z.number().min(0).max(1),
      }),
    ),
  }),
  { io: 'input' },
)

/** How the reviewer ends. It is no tool of the agent's: nothing runs, its arguments are the result. */
export const reportFindings = {
  type: 'function',
  name: 'report_findings',
  description: 'Ends the review with its findings; an empty list if nothing is wrong.',
  parameters,
  strict: false,
} as const satisfies ToolDefinition
