interface Prompt {
  id: string
  title: string
  prompt: string
}

/** For projects and models the script does not know. */
const general: readonly Prompt[] = [
  {
    id: 'explain',
    title: 'Explain this project',
    prompt: 'Explain how this project works and where to start reading.',
  },
  { id: 'fix', title: 'Make the tests pass', prompt: 'Run the tests, and fix what fails.' },
  { id: 'tests', title: 'Add tests', prompt: 'Find the least tested part of the project and add tests for it.' },
]

export function promptsFor(_template: string | null, _isScripted: boolean): readonly Prompt[] {
  return general
}
