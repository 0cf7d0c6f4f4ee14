import { demoPrompts } from '@/lib/models/scripted/demo-prompts'

interface Prompt {
  id: string
  title: string
  prompt: string
  candidates?: number
}

/** For projects that the demo does not know. */
const general: readonly Prompt[] = [
  {
    id: 'explain-project',
    title: 'Explain this project',
    prompt: 'Explain how this project works and where to start reading.',
  },
  { id: 'fix-tests', title: 'Make the tests pass', prompt: 'Run the tests, and fix what fails.' },
  {
    id: 'add-tests',
    title: 'Add tests',
    prompt: 'Find the least tested part of the project and add tests for it.',
  },
]

/** What to offer: in a demo project its tasks, elsewhere what the model can do: the scripted one only what fits any project. */
export function promptsFor(template: string | null, isScripted: boolean): readonly Prompt[] {
  const isDemo = template !== null && demoPrompts.some((prompt) => prompt.template === template)
  if (!isDemo && !isScripted) return general
  return demoPrompts.filter((prompt) => prompt.template === null || prompt.template === template)
}
