import * as z from 'zod'
import { jsonTool } from './json-tool'

export const updatePlan = jsonTool({
  name: 'update_plan',
  description: 'Shows the user a short plan and keeps it up to date: the whole list each time, one step in progress.',
  arguments: z.object({
    plan: z.array(z.object({ step: z.string(), status: z.enum(['pending', 'in_progress', 'completed']) })).min(1),
    explanation: z.string().optional(),
  }),
  parallel: true,
  describe: ({ plan }) => ({ title: 'Plan', detail: `${plan.length} steps` }),
  effect: () => null,
  async execute({ plan }) {
    const done = plan.filter(({ status }) => status === 'completed').length
    return { ok: true, output: 'plan shown to the user', summary: `${done} of ${plan.length} done`, plan }
  },
})
