import type { GitCommand, GitContext } from '../context'
import { fail, fatal, GitFailure } from '../failure'
import { editConfig, renameSection } from '../git-config'
import { parseOptions } from '../options'

/** Remotes are remembered, for whoever takes the repository along; nothing can be fetched from them here. */
export const remote: GitCommand = async (context) => {
  const [first = '', ...rest] = context.args
  const { words } = parseOptions(rest, {})
  const [name = '', value = ''] = words
  if (/^(?:add|set-url|rename)$/.test(first) && value === '')
    throw new GitFailure(`usage: git remote ${first} <name> <${first === 'rename' ? 'new' : 'url'}>`, 129)
  const urls = urlsOf(context)
  const known = () => urls.get(name) ?? fail(`No such remote '${name}'`, 2)
  switch (first) {
    case '':
    case 'show':
      if (name !== '')
        fatal(`git remote show ${name} needs a network, and the sandbox has none; git remote -v lists URLs.`)
      context.out([...urls.keys()].map((key) => `${key}\n`).join(''))
      return 0
    case '-v':
    case '--verbose':
      context.out([...urls].map(([key, url]) => `${key}\t${url} (fetch)\n${key}\t${url} (push)\n`).join(''))
      return 0
    case 'add':
      if (urls.has(name)) fail(`remote ${name} already exists.`, 3)
      set(context, `remote.${name}.url`, value)
      set(context, `remote.${name}.fetch`, `+refs/heads/*:refs/remotes/${name}/*`)
      return 0
    case 'get-url':
      context.out(`${known()}\n`)
      return 0
    case 'set-url':
      known()
      set(context, `remote.${name}.url`, value)
      return 0
    case 'remove':
    case 'rm':
      known()
      removeSection(context, name)
      return 0
    case 'rename': {
      const url = known()
      if (urls.has(value)) fail(`remote ${value} already exists.`, 3)
      removeSection(context, name)
      set(context, `remote.${value}.url`, url)
      set(context, `remote.${value}.fetch`, `+refs/heads/*:refs/remotes/${value}/*`)
      return 0
    }
    default:
      fatal(`git remote ${first} needs a network, and the sandbox has none.`)
  }
}

function urlsOf({ configEntries }: GitContext): Map<string, string> {
  return new Map(
    configEntries.flatMap(({ key, value }) => {
      const name = /^remote\.(.+)\.url$/.exec(key)?.[1]
      return name === undefined ? [] : [[name, value] as const]
    }),
  )
}

function set(context: GitContext, key: string, value: string): void {
  const repository = context.repository()
  const changed = editConfig(repository.readText('config') ?? '', { key, value, among: 'all' })
  repository.writeText('config', changed ?? '')
}

function removeSection(context: GitContext, name: string): void {
  const repository = context.repository()
  const changed = renameSection(repository.readText('config') ?? '', `remote.${name}`, null)
  if (changed !== null) repository.writeText('config', changed)
}
