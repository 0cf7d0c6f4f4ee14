import { expect, test } from 'vitest'
import { findSecretsInProject } from './secrets'

test('secrets are found with their files', () => {
  const key = `sk-proj-${'aB3dE5fG7hJ9kL1mN2pQ'.repeat(4)}T3BlbkFJ${'aB3dE5fG7hJ9kL1mN2pQ'.repeat(4)}`
  const files = new Map<string, string | Uint8Array>([
    ['src/main.ts', 'export const answer = 42\n'],
    ['.env', `# keys\nOPENAI_API_KEY=${key}\n`],
    ['logo.png', new Uint8Array([0, 1])],
  ])
  expect(findSecretsInProject(files).map(({ path }) => path)).toEqual(['.env'])
  expect(findSecretsInProject(new Map([['a.ts', 'const key = process.env.OPENAI_API_KEY\n']]))).toEqual([])
})
