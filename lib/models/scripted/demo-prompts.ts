export interface DemoPrompt {
  id: 'fix-failing-test' | 'race-fix' | 'add-function' | 'explain-file' | 'build-page' | 'rename-symbol'
  title: string
  prompt: string
  /** The template it is written for; null fits any project. */
  template: string | null
  /** Attempts to make side by side; one when missing. */
  candidates?: number
}

/**
 * What the demo model can play: for the empty conversation and the model's own introduction.
 * Apart from the scripts, so that pages offer them without loading those.
 */
export const demoPrompts: readonly DemoPrompt[] = [
  {
    id: 'fix-failing-test',
    title: 'Fix the failing tests',
    prompt: 'Some tests fail. Find out why and fix the code.',
    template: 'demo',
  },
  {
    id: 'race-fix',
    title: 'Race four attempts',
    prompt: 'Some tests fail. Try four ways to fix them, and let the tests choose.',
    template: 'demo',
    candidates: 4,
  },
  {
    id: 'add-function',
    title: 'Add a function with tests',
    prompt: 'Add a slugify function with tests.',
    template: null,
  },
  {
    id: 'explain-file',
    title: 'Explain a file',
    prompt: 'Explain src/receipt.ts',
    template: 'demo',
  },
  {
    id: 'build-page',
    title: 'Build a small page',
    prompt: 'Build a small page with a counter.',
    template: null,
  },
  {
    id: 'rename-symbol',
    title: 'Refactor across files',
    prompt: 'Rename formatCents to formatAmount everywhere.',
    template: 'demo',
  },
]
