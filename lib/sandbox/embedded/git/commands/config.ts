import type { Options } from '../../options'
import type { GitCommand, GitContext } from '../context'
import { fail, GitFailure } from '../failure'
import {
  type ConfigEdit,
  type ConfigEntry,
  editConfig,
  globalConfigPath,
  isSameKey,
  normalKey,
  parseConfig,
  readGlobalConfig,
  renameSection,
} from '../git-config'
import { parseOptions } from '../options'
import { edit, findEditor } from '../run-line'

type Scope = 'global' | 'local' | 'command'
type ScopedEntry = ConfigEntry & { scope: Scope }

export const config: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--global': [],
      '--local': [],
      '--system': [],
      '--list': ['-l'],
      '--unset': [],
      '--unset-all': [],
      '--get': [],
      '--get-all': [],
      '--get-regexp': [],
      '--add': [],
      '--replace-all': [],
      '--rename-section': [],
      '--remove-section': [],
      '--edit': ['-e'],
      '--bool': [],
      '--int': [],
      '--path': [],
      '--name-only': [],
      '--show-origin': [],
      '--show-scope': [],
      '-z': ['--null'],
    },
    values: { '--type': [], '--default': [] },
  })
  const subcommands = new Set(['list', 'get', 'set', 'unset', 'edit', 'rename-section', 'remove-section'])
  const [first, ...rest] = options.words
  const sub = first !== undefined && subcommands.has(first) ? first : null
  const does = (name: string) => sub === name || options.has(`--${name}`)
  const [key, value] = sub ? rest : options.words
  const scope = options.has('--global') || options.has('--system') ? 'global' : options.has('--local') ? 'local' : null
  const target = scope ?? 'local'
  if (does('edit')) return editByHand(context, target)
  if (does('list')) {
    for (const entry of entriesOf(context, scope)) show(context, options, entry)
    return 0
  }
  if (key === undefined)
    throw new GitFailure('usage: git config [--global] [--get | --add | --unset] <name> [<value>]', 129)
  if (does('rename-section') || does('remove-section')) {
    const changed = renameSection(readScope(context, target), key, does('remove-section') ? null : (value ?? ''))
    if (changed === null) throw new GitFailure(`fatal: no such section: ${key}`)
    writeScope(context, target, changed)
    return 0
  }
  if (does('get-regexp')) return getMatching(context, options, entriesOf(context, scope), key)
  if (!key.includes('.')) fail(`key does not contain a section: ${key}`)
  if (!/^[A-Za-z\d-]+\.(?:.*\.)?[A-Za-z][A-Za-z\d-]*$/.test(key)) fail(`invalid key: ${key}`)
  if (does('unset') || does('unset-all'))
    return write(context, target, { key, value: null, ...(options.has('--unset-all') && { among: 'all' }) })
  if (value !== undefined && !does('get') && !does('get-all')) {
    const among = options.has('--add') ? 'add' : options.has('--replace-all') ? 'all' : undefined
    return write(context, target, { key, value: typed(options, value, key), ...(among && { among }) })
  }
  const found = entriesOf(context, scope).filter((entry) => isSameKey(entry.key, key))
  const fallback = options.value('--default')
  if (found.length === 0 && fallback !== undefined) found.push({ key, value: fallback, scope: 'command' })
  for (const entry of options.has('--get-all') ? found : found.slice(-1)) show(context, options, entry, 'value')
  return found.length > 0 ? 0 : 1
}

function entriesOf(context: GitContext, scope: 'global' | 'local' | null): ScopedEntry[] {
  const scoped = (name: Scope, entries: readonly ConfigEntry[]) => entries.map((entry) => ({ ...entry, scope: name }))
  if (scope !== null) return scoped(scope, parseConfig(readScope(context, scope)))
  const global = parseConfig(readGlobalConfig(context.host.fs))
  const local = hasRepository(context) ? parseConfig(readScope(context, 'local')) : []
  const given = context.configEntries.slice(global.length + local.length)
  return [...scoped('global', global), ...scoped('local', local), ...scoped('command', given)]
}

function hasRepository({ repository }: GitContext): boolean {
  try {
    repository()
    return true
  } catch (error) {
    if (error instanceof GitFailure) return false
    throw error
  }
}

function getMatching(context: GitContext, options: Options, entries: readonly ScopedEntry[], pattern: string): number {
  let expression: RegExp
  try {
    expression = new RegExp(pattern)
  } catch {
    return fail(`invalid key pattern: ${pattern}`, 6)
  }
  const found = entries.filter(({ key }) => expression.test(key))
  for (const entry of found) show(context, options, entry, 'pair')
  return found.length > 0 ? 0 : 1
}

/** One setting as a line: `key=value`, `key value` or the value alone. */
function show(
  context: GitContext,
  options: Options,
  entry: ScopedEntry,
  form: 'line' | 'pair' | 'value' = 'line',
): void {
  const { key, value, scope } = entry
  const isForTools = options.has('-z')
  const origins = { command: 'command line:', local: 'file:.git/config', global: `file:${globalConfigPath}` }
  const separator = isForTools ? '\0' : '\t'
  const before = [
    ...(options.has('--show-scope') ? [scope] : []),
    ...(options.has('--show-origin') ? [origins[scope]] : []),
  ].map((part) => part + separator)
  const text = typed(options, value, key)
  const joint = isForTools ? '\n' : form === 'line' ? '=' : ' '
  const body = form === 'value' ? text : options.has('--name-only') ? key : `${key}${joint}${text}`
  context.out(`${before.join('')}${body}${isForTools ? '\0' : '\n'}`)
}

const truths: Record<string, string> = {
  true: 'true',
  yes: 'true',
  on: 'true',
  '1': 'true',
  '': 'false',
  false: 'false',
}
const units: Record<string, number> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** The value in the form of its type. */
function typed(options: Options, value: string, key: string): string {
  const type = options.value('--type') ?? (['bool', 'int', 'path'] as const).find((name) => options.has(`--${name}`))
  if (type === 'bool') {
    const known = { ...truths, no: 'false', off: 'false', '0': 'false' }[value.toLowerCase()]
    return (known ?? /^-?\d+$/.test(value)) ? (known ?? 'true') : badValue('boolean', value, key)
  }
  if (type === 'int') {
    const [, digits, unit] = /^(-?\d+)([kmg])?$/i.exec(value) ?? badValue('numeric', value, key)
    return String(Number(digits) * (units[unit?.toLowerCase() ?? ''] ?? 1))
  }
  return value
}

function badValue(type: string, value: string, key: string): never {
  throw new GitFailure(`fatal: bad ${type} config value '${value}' for '${normalKey(key)}'`)
}

function readScope({ host, repository }: GitContext, scope: 'global' | 'local'): string {
  return scope === 'local' ? (repository().readText('config') ?? '') : readGlobalConfig(host.fs)
}

function write(context: GitContext, scope: 'global' | 'local', change: ConfigEdit): number {
  const before = readScope(context, scope)
  if (change.value === null && !parseConfig(before).some((entry) => isSameKey(entry.key, change.key))) return 5
  const after = editConfig(before, change)
  if (after === null) {
    const advice =
      change.value === null
        ? ''
        : `\nerror: cannot overwrite multiple values with a single value\n       Use a regexp, --add or --replace-all to change ${change.key}.`
    throw new GitFailure(`warning: ${change.key} has multiple values${advice}`, 5)
  }
  writeScope(context, scope, after)
  return 0
}

function writeScope({ host, repository }: GitContext, scope: 'global' | 'local', text: string): void {
  if (scope === 'local') repository().writeText('config', text)
  else {
    host.fs.mkdir(globalConfigPath.replace(/\/[^/]*$/, ''), { recursive: true })
    host.fs.writeFile(globalConfigPath, new TextEncoder().encode(text))
  }
}

async function editByHand(context: GitContext, scope: 'global' | 'local'): Promise<number> {
  const editor = findEditor(context)
  const path = scope === 'local' ? '.git/config' : globalConfigPath
  if (editor === undefined) fail(`there is no editor here; open ${path} in the IDE, or use git config <name> <value>`)
  if (scope === 'global' && readScope(context, scope) === '') writeScope(context, scope, '')
  await edit(context, editor, path.slice(path.lastIndexOf('/') + 1))
  return 0
}
