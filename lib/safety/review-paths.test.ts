import { describe, expect, test } from 'vitest'
import { createReviewGuard, readReviewPaths } from './review-paths'

describe('files that need the user', () => {
  test.each([
    'src/cart.test.ts',
    'SRC/Cart.Spec.TSX',
    'tests/helpers.ts',
    'pkg/test_cart.py',
    '.github/workflows/ci.yml',
    'package-lock.json',
    'apps/web/package.json',
    'src/auth/session.ts',
    'lib/auth.ts',
    'AGENTS.md',
    './src/../AGENTS.md',
    '.env.local',
  ])('are tests, CI, sign-in, lockfiles and what guards the agent: %s', (path) => {
    expect(createReviewGuard()(path)).toBe(true)
  })

  test.each(['src/cart.ts', 'src/author.ts', 'README.md', 'latest/index.ts'])('are not all files: %s', (path) => {
    expect(createReviewGuard()(path)).toBe(false)
  })

  test('are those that the user names instead', () => {
    const guard = createReviewGuard(readReviewPaths('# mine\n\n src/money.ts \nsrc/money.ts\n**/*.sql'))
    expect(['src/money.ts', 'db/a.sql', 'a.test.ts'].map(guard)).toEqual([true, true, false])
    expect(readReviewPaths('# mine\n\n src/money.ts \nsrc/money.ts')).toEqual(['src/money.ts'])
  })
})
