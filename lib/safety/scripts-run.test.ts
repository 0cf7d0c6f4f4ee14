import { describe, expect, it } from 'vitest'
import { gateEffect } from './gate'

const files: Record<string, string> = {
  'package.json': JSON.stringify({
    scripts: {
      build: 'tsc -p .',
      setup: 'npm install left-pad',
      pretest: 'sh scripts/fetch.sh',
      test: 'vitest run',
      deep: 'npm run deeper',
      deeper: 'bash -c "./scripts/fetch.sh"',
      round: 'npm run round',
      lint: 'npx eslint .',
      cow: 'npx cowsay hi',
    },
    devDependencies: { eslint: '^9.0.0' },
  }),
  'scripts/fetch.sh': '#!/bin/sh\nset -e\nnpm view $NAME\n',
  'scripts/ok.sh': '#!/bin/sh\necho ok\nnode src/main.ts\n',
  'tools/run': '#!/usr/bin/env node\nconsole.log(1)\n',
}
const judge = (command: string, rest: Partial<Parameters<typeof gateEffect>[1]> = {}) =>
  gateEffect({ kind: 'command', command }, { mode: 'auto', readScript: (path) => files[path], ...rest })

describe('what a script says is judged like what is typed', () => {
  it.each([
    'npm run setup',
    'npm run setup -- --fast',
    'npm run cow',
    'npm test',
    'npm t',
    'yarn setup',
    'pnpm run deep',
    'sh scripts/fetch.sh',
    './scripts/fetch.sh',
    'cd scripts && sh fetch.sh',
    'source scripts/fetch.sh',
    'env CI=1 npm run setup',
    'time npm run setup',
    'ls && bash -c "npm run setup"',
    'for i in 1 2; do npm run setup; done',
  ])('%s asks in auto mode, also where a rule allows it', (command) => {
    const rules = ['npm test', 'npm t', 'npm run setup', 'yarn setup', 'pnpm run deep', './scripts/fetch.sh']
    for (const mode of ['auto', 'review'] as const) {
      expect(judge(command, { mode, allowedRules: rules })).toMatchObject({ verdict: 'ask', rule: null })
    }
  })

  it.each([
    'npm run build',
    'sh scripts/ok.sh',
    './scripts/ok.sh',
    './tools/run',
    'npm run round',
    'npm run lint',
    'node src/main.ts',
  ])('%s runs, since nothing in it reaches out', (command) => {
    expect(judge(command)).toEqual({ verdict: 'allow' })
    expect(judge(command, { isTainted: true })).toEqual({ verdict: 'allow' })
  })

  it('says which script, and what in it', () => {
    expect(judge('npm run setup')).toMatchObject({
      reason: '“npm run setup” reaches out: Installs or downloads packages.',
    })
  })
})

describe('a script that cannot be read', () => {
  it.each(['sh generated.sh', './generated.sh', 'npm run build -w app', 'cd app && npm test'])(
    '%s runs by itself only while the context holds nothing foreign',
    (command) => {
      const rules = ['npm test', 'npm run build', './generated.sh']
      expect(judge(command)).toEqual({ verdict: 'allow' })
      expect(judge(command, { isTainted: true, allowedRules: rules })).toMatchObject({ verdict: 'ask', rule: null })
    },
  )

  it('is one that is too long or nests too deeply, too', () => {
    const long = { 'a.sh': 'echo 1\n'.repeat(50_000) }
    const verdict = gateEffect(
      { kind: 'command', command: 'sh a.sh' },
      { mode: 'auto', isTainted: true, readScript: (path) => long[path as 'a.sh'] },
    )
    expect(verdict.verdict).toBe('ask')
  })
})
