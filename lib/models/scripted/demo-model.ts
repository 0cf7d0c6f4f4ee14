import type { ModelInfo, ResponsesRequest } from '../types'
import type { Reply } from './reply'
import { reply, say } from './say'
import { addFunction } from './tasks/add-function'
import { buildPage } from './tasks/build-page'
import { explainFile } from './tasks/explain-file'
import { fixFailingTest } from './tasks/fix-failing-test'
import { renameSymbol } from './tasks/rename-symbol'
import { readTranscript, type Transcript } from './transcript'

export const demoModelInfo: ModelInfo = {
  id: 'vitrine-demo',
  label: 'Demo model (scripted)',
  kind: 'scripted',
  freeformTools: true,
  contextWindow: null,
  price: { input: 0, cachedInput: 0, output: 0 },
}

export interface DemoPrompt {
  id: string
  title: string
  prompt: string
  /** The template it is written for; null fits any project. */
  template: string | null
}

interface DemoTask extends DemoPrompt {
  matches: RegExp
  run: (transcript: Transcript) => Reply
}

const tasks: readonly DemoTask[] = [
  {
    id: 'fix-failing-test',
    title: 'Fix the failing tests',
    prompt: 'Some tests fail. Find out why and fix the code.',
    template: 'demo',
    matches: /\bfix\b|\btests? fail|failing test/i,
    run: fixFailingTest,
  },
  {
    id: 'add-function',
    title: 'Add a function with tests',
    prompt: 'Add a slugify function with tests.',
    template: null,
    matches: /\badd\b.*\bslugify\b/i,
    run: addFunction,
  },
  {
    id: 'explain-file',
    title: 'Explain a file',
    prompt: 'Explain src/receipt.ts',
    template: 'demo',
    matches: /^\s*explain\b/i,
    run: explainFile,
  },
  {
    id: 'build-page',
    title: 'Build a small page',
    prompt: 'Build a small page with a counter.',
    template: null,
    matches: /\bbuild\b.*\bpage\b/i,
    run: buildPage,
  },
  {
    id: 'rename-symbol',
    title: 'Refactor across files',
    prompt: 'Rename formatCents to formatAmount everywhere.',
    template: 'demo',
    matches: /\brename\b/i,
    run: renameSymbol,
  },
]

/** For the start page, the empty conversation and the model's own introduction. */
export const demoPrompts: readonly DemoPrompt[] = tasks.map(({ id, title, prompt, template }) => ({
  id,
  title,
  prompt,
  template,
}))

/** The demo model's next response: looks at the user's message and at what its own calls gave. */
export function demoReply(request: Pick<ResponsesRequest, 'input' | 'tools'>): Reply {
  const transcript = readTranscript(request)
  const task = tasks.find(({ matches }) => matches.test(transcript.userText))
  return task ? task.run(transcript) : reply(say(introduction))
}

const introduction = `I’m the **demo model (scripted)**: I follow a script and cannot think. The loop, the sandbox, the tests and the review around me are real. These I can play:

${tasks.map(({ prompt }) => `- ${prompt}`).join('\n')}

For anything else, connect a real model and start the server again:

- **OpenAI:** set \`OPENAI_API_KEY\`.
- **Ollama:** set \`OPENAI_BASE_URL=http://localhost:11434/v1\` and \`VITRINE_MODELS=<model>\`.
- **LM Studio:** set \`OPENAI_BASE_URL=http://localhost:1234/v1\` and \`VITRINE_MODELS=<model>\`.
- **vLLM or any other Responses-compatible server:** set \`OPENAI_BASE_URL\` to its address.`
