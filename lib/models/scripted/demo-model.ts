import type { ModelInfo, ResponsesRequest } from '../types'
import { type DemoPrompt, demoPrompts } from './demo-prompts'
import type { Reply } from './reply'
import { reply, say } from './say'
import { summariseItems } from './summary'
import { addFunction } from './tasks/add-function'
import { buildPage } from './tasks/build-page'
import { explainFile } from './tasks/explain-file'
import { fixFailingTest } from './tasks/fix-failing-test'
import { fixFinding } from './tasks/fix-finding'
import { raceFix } from './tasks/race-fix'
import { renameSymbol } from './tasks/rename-symbol'
import { reviewChanges } from './tasks/review-changes'
import { readTranscript, type Transcript } from './transcript'

export const demoModelInfo: ModelInfo = {
  id: 'vitrine-demo',
  label: 'Demo model (scripted)',
  kind: 'scripted',
  freeformTools: true,
  contextWindow: null,
  price: { input: 0, cachedInput: 0, output: 0 },
}

/** How each prompt is recognised, and its script. The first that matches plays. */
const tasks: Record<DemoPrompt['id'], { matches: RegExp; run: (transcript: Transcript) => Reply }> = {
  'race-fix': { matches: /\bfour ways\b/i, run: raceFix },
  'fix-failing-test': { matches: /\bfix\b|\btests? fail|failing test/i, run: fixFailingTest },
  'add-function': { matches: /\badd\b.*\bslugify\b/i, run: addFunction },
  'explain-file': { matches: /^\s*explain\b/i, run: explainFile },
  'build-page': { matches: /\bbuild\b.*\bpage\b/i, run: buildPage },
  'rename-symbol': { matches: /\brename\b/i, run: renameSymbol },
}

/** The demo model's next response: looks at the user's message and at what its own calls gave. */
export function demoReply(request: Pick<ResponsesRequest, 'input' | 'tools'> & { tool_choice?: unknown }): Reply {
  if (request.tool_choice === 'none') return reply(say(summariseItems(request.input)))
  const transcript = readTranscript(request)
  if (request.tools.some(({ name }) => name === 'report_findings')) return reviewChanges(transcript, request.input)
  if (transcript.attached.includes('\n## finding of a review')) return fixFinding(transcript)
  const wanted = /^carry out the plan\b/i.test(transcript.userText) ? transcript.asked.at(-2) : transcript.userText
  const task = Object.values(tasks).find(({ matches }) => matches.test(wanted ?? ''))
  if (!task) return reply(say(introduction))
  return transcript.mayChange ? task.run(transcript) : inWords(task.run(transcript))
}

/** In a turn that changes nothing, what it would change is said instead. */
function inWords({ parts }: Reply): Reply {
  const patches = parts.flatMap((part) => {
    if (part.type === 'text' || part.name !== 'apply_patch') return []
    return part.type === 'custom_tool_call' ? [part.input] : [String(part.arguments.patch)]
  })
  if (patches.length === 0) return { parts }
  const paths = patches.flatMap((text) => [...text.matchAll(/^\*\*\* \w+ File: (.+)$/gm)].map(([, path]) => path))
  const steps = [...paths.map((path) => `Change \`${path}\` so.`), 'Run the tests, and mend what still fails likewise.']
  return {
    parts: [
      ...parts.filter(({ type }) => type === 'text'),
      say(`${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}\n\nNothing is changed yet.`),
    ],
  }
}

const introduction = `I’m the **demo model (scripted)**: I follow a script and cannot think. The loop, the sandbox, the tests and the review around me are real. These I can play:

${demoPrompts.map(({ prompt }) => `- ${prompt}`).join('\n')}

For anything else, connect a real model and start the server again:

- **OpenAI:** set \`OPENAI_API_KEY\`.
- **Ollama:** set \`OPENAI_BASE_URL=http://localhost:11434/v1\` and \`VITRINE_MODELS=<model>\`.
- **LM Studio:** set \`OPENAI_BASE_URL=http://localhost:1234/v1\` and \`VITRINE_MODELS=<model>\`.
- **vLLM or any other Responses-compatible server:** set \`OPENAI_BASE_URL\` to its address.`
