import { createPathGuard } from './protected-paths'

/**
 * Files whose changes a person should have seen: what proves the work, what runs by itself, who may come in, what is
 * installed, and what guards the agent. Patterns as for protected paths. The user may choose others.
 */
export const defaultReviewPaths: readonly string[] = [
  // Tests.
  '**/*.test.*',
  '**/*.spec.*',
  '**/test_*.py',
  '**/*_test.py',
  '**/tests/**',
  '**/__tests__/**',
  // What runs by itself: CI, hooks, editors and tools.
  '**/.*/**',
  '.gitlab-ci.yml',
  'azure-pipelines.yml',
  'jenkinsfile',
  // Who may come in.
  '**/auth/**',
  '**/auth.*',
  '**/auth-*',
  '**/*-auth.*',
  '**/login*',
  '**/*permission*',
  '**/*password*',
  // What is installed and run.
  '**/package.json',
  '**/package-lock.json',
  '**/npm-shrinkwrap.json',
  '**/pnpm-lock.yaml',
  '**/yarn.lock',
  '**/bun.lock*',
  '**/poetry.lock',
  '**/uv.lock',
  // What guards the agent, and secrets.
  '**/agents.md',
  '**/agents.override.md',
  '**/.env*',
  '**/.npmrc',
]

const maxPatterns = 200
const maxPattern = 200

/** Whether a change of the path has to be kept by the user, by itself. */
export function createReviewGuard(patterns: readonly string[] = defaultReviewPaths): (path: string) => boolean {
  const guard = createPathGuard(patterns)
  return (path) => guard(path) !== null
}

/** One pattern a line, as the user writes them; without blanks, doubles and comments. */
export function readReviewPaths(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim())
  const patterns = lines.filter((line) => line !== '' && !line.startsWith('#') && line.length <= maxPattern)
  return [...new Set(patterns)].slice(0, maxPatterns)
}
