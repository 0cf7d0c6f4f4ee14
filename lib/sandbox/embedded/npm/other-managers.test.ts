import { expect, it } from 'vitest'
import { toNpm } from './other-managers'

it.each([
  ['pnpm i', 'install'],
  ['pnpm install --frozen-lockfile', 'ci'],
  ['yarn --immutable', 'ci'],
  ['yarn install --production', 'install --omit=dev'],
  ['pnpm add -w -D a', 'install --save -D a'],
  ['pnpm add link:../a', 'install file:../a'],
  ['pnpm up -L a', 'install a@latest'],
  ['pnpm t', 't'],
  ['pnpm -r build', 'run --workspaces --if-present build'],
  ['pnpm -r run build', 'run --workspaces --if-present build'],
  ['pnpm --filter ./packages/a run dev --port 3', 'run --workspace=./packages/a --if-present dev -- --port 3'],
  ['pnpm -F @x/a... test', 'test --workspace=@x/a --if-present'],
  ['pnpm --filter=@x/a add b', 'install b --workspace=@x/a'],
  ['pnpm -C app install', 'install --prefix=app'],
  ['pnpm -s run dev', 'run --silent dev'],
  ['pnpm exec tool --x', 'exec --call tool --x'],
  ['pnpm -r exec pwd', 'exec --workspaces --call pwd'],
  ['pnpm dlx --package a b c', 'exec --yes --package=a -- b c'],
  ['pnpm --package=a dlx b', 'exec --yes --package=a -- b'],
  ['yarn dlx -p a b --yes', 'exec --yes --package=a -- b --yes'],
  ['yarn workspace @x/a add b --dev', 'install b --save-dev --workspace=@x/a'],
  ['yarn workspaces foreach -A run build', 'run --workspaces --if-present build'],
  ['yarn create vite app --template vue', 'create --yes vite -- app --template vue'],
  ['pnpm why a', 'why a'],
  ['pnpm config get registry', 'config get registry'],
])('%s is npm %s', (line, words) => {
  const [manager, ...argv] = line.split(' ')
  const meaning = toNpm(manager as 'pnpm', argv)
  const said =
    'argv' in meaning
      ? meaning.argv
      : 'script' in meaning
        ? ['run', ...meaning.options, meaning.script, ...meaning.words]
        : [meaning.sentence]
  expect(said.join(' ')).toBe(words)
})

it.each([
  'pnpm add',
  'pnpm add -g a',
  'yarn global add a',
  'pnpm --unknown x',
  'yarn set version stable',
  'pnpm create',
  'pnpm up -L',
])('%s fails with a sentence', (line) => {
  const [manager, ...argv] = line.split(' ')
  expect(toNpm(manager as 'pnpm', argv)).toEqual({ sentence: expect.stringMatching(/\w{3}.* .*\w/), code: 1 })
})

it('lets a script come before a command that means nothing here', () => {
  expect(toNpm('pnpm', ['deploy', '--prod'])).toEqual({
    script: 'deploy',
    words: ['--prod'],
    options: [],
    otherwise: expect.stringContaining('npm pack'),
  })
})
