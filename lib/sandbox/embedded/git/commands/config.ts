import type { GitCommand, GitContext } from '../context'
import { fail, GitFailure } from '../failure'
import { type ConfigEntry, editConfig, globalConfigPath, isSameKey, parseConfig } from '../git-config'
import { parseOptions } from '../options'

export const config: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--global': [],
      '--local': [],
      '--system': [],
      '--list': ['-l'],
      '--unset': [],
      '--get': [],
      '--get-all': [],
      '--bool': [],
      '--show-origin': [],
      '--add': [],
      '--unset-all': [],
    },
    optional: ['--type'],
  })
  const subcommands = new Set(['list', 'get', 'set', 'unset'])
  const [first, ...rest] = options.words
  const sub = first !== undefined && subcommands.has(first) ? first : null
  const [key, value] = sub ? rest : options.words
  const scope = options.has('--global') || options.has('--system') ? 'global' : options.has('--local') ? 'local' : null
  const entries = scope === null ? context.configEntries : parseConfig(readScope(context, scope))
  if (options.has('--list') || sub === 'list') {
    context.out(entries.map((entry) => `${entry.key}=${entry.value}\n`).join(''))
    return 0
  }
  if (key === undefined) throw new GitFailure('error: usage: git config [--global] <name> [<value>]', 129)
  if (!/^[A-Za-z][\w-]*\..*[\w-]$/.test(key)) fail(`key does not contain a section: ${key}`)
  if (options.has('--unset') || options.has('--unset-all') || sub === 'unset')
    return write(context, scope ?? 'local', key, null)
  if (value !== undefined) return write(context, scope ?? 'local', key, value)
  return get(context, entries, key)
}

function get(context: GitContext, entries: readonly ConfigEntry[], key: string): number {
  const found = entries.findLast((entry) => isSameKey(entry.key, key))
  if (!found) return 1
  context.out(`${found.value}\n`)
  return 0
}

function readScope({ host, repository }: GitContext, scope: 'global' | 'local'): string {
  if (scope === 'local') return repository().readText('config') ?? ''
  return host.fs.exists(globalConfigPath) ? new TextDecoder().decode(host.fs.readFile(globalConfigPath)) : ''
}

function write(context: GitContext, scope: 'global' | 'local', key: string, value: string | null): number {
  const before = readScope(context, scope)
  if (value === null && !parseConfig(before).some((entry) => isSameKey(entry.key, key))) return 5
  const after = editConfig(before, key, value)
  if (scope === 'local') context.repository().writeText('config', after)
  else {
    context.host.fs.mkdir(globalConfigPath.replace(/\/[^/]*$/, ''), { recursive: true })
    context.host.fs.writeFile(globalConfigPath, after)
  }
  return 0
}
