import { basename } from '@/lib/base'
import type { NpmArguments } from '../options'
import { readJson } from '../project'
import type { Terminal } from '../terminal'
import { execute } from './exec'

/** `npm init -y` writes a package.json; `npm init vite` and `npm create vite` run `create-vite`. */
export async function init(terminal: Terminal, args: NpmArguments): Promise<number> {
  const [initializer, ...words] = args.words
  if (initializer !== undefined) {
    return execute(terminal, {
      words: [createPackage(initializer), ...words, ...(args.rest ?? [])],
      isAgreed: args.flags.has('yes'),
    })
  }
  const { host } = terminal
  const path = `${host.cwd}/package.json`
  const existing = host.fs.exists(path) ? readJson(host.fs, path) : {}
  const manifest = {
    name: packageName(basename(host.cwd)),
    version: '1.0.0',
    description: '',
    main: 'index.js',
    scripts: { test: 'echo "Error: no test specified" && exit 1' },
    keywords: [],
    author: '',
    license: 'ISC',
    type: 'commonjs',
    ...existing,
  }
  const text = JSON.stringify(manifest, null, 2)
  host.fs.writeFile(path, `${text}\n`)
  terminal.say(`Wrote to ${path}:\n\n${text}\n`)
  if (!args.flags.has('yes')) terminal.say('Defaults were taken; edit package.json to change them.')
  return 0
}

function packageName(folder: string): string {
  return (
    folder
      .toLowerCase()
      .replaceAll(/[^a-z0-9._~-]+/g, '-')
      .replace(/^[._-]+/, '') || 'project'
  )
}

/** `vite` → `create-vite`, `@scope` → `@scope/create`, `@scope/app@1` → `@scope/create-app@1`. */
function createPackage(initializer: string): string {
  const [, scope, name = '', version = ''] = /^(@[^/@]+\/?)?([^@]*)(@.*)?$/.exec(initializer) ?? []
  if (scope === undefined) return `create-${name}${version}`
  const within = scope.replace(/\/$/, '')
  return name === '' ? `${within}/create${version}` : `${within}/create-${name}${version}`
}
