import * as z from 'zod'
import { plural } from '@/lib/base'
import { answerTo } from '../events'
import { jsonTool } from './json-tool'

const maxQuestions = 3

export const askUser = jsonTool({
  name: 'ask_user',
  description:
    'Asks the user 1 to 3 short questions and waits for the answers. Only for what they alone can decide and what cannot be found out from the project; offer 2 to 4 options where you can.',
  arguments: z.object({
    questions: z
      .array(z.object({ id: z.string(), question: z.string().min(1), options: z.array(z.string()).max(6).optional() }))
      .min(1)
      .max(maxQuestions)
      .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'each question needs an id of its own'),
  }),
  // One card at a time.
  parallel: false,
  repeatable: true,
  describe: ({ questions }) => ({ title: 'Ask you', detail: questions[0]?.question ?? '' }),
  effect: () => null,
  async execute({ questions }, { ask }) {
    const answers = await ask(questions.map(({ options = [], ...question }) => ({ ...question, options })))
    if (answers === null) {
      return {
        ok: true,
        output:
          'the user did not want to answer. Take the choice that can be undone most easily, and say which it was.',
        summary: 'not answered',
      }
    }
    const lines = questions.map(
      ({ id, question }) => `${id}: ${question}\n  answer: ${answerTo(answers, id).trim() || '(none)'}`,
    )
    return { ok: true, output: `the user answered\n${lines.join('\n')}`, summary: plural(questions.length, 'answer') }
  },
})
