import { decodeUtf8 } from '@/lib/base'
import type { NpmArguments } from '../options'
import { findProject } from '../project'
import type { Terminal } from '../terminal'

/** What npm takes where nobody says otherwise. */
const defaults: Record<string, string> = {
  // The server's route; which registry stands behind it is the operator's matter.
  registry: '/api/packages/',
  'save-prefix': '^',
  'save-exact': 'false',
  'legacy-peer-deps': 'false',
  'strict-peer-deps': 'false',
  'package-lock': 'true',
  'ignore-scripts': 'true',
}

/** `npm config get|set|delete|list`: the project's `.npmrc`, the only place for settings here. */
export async function config({ host, say, fail }: Terminal, { words, flags }: NpmArguments): Promise<number> {
  const [action = 'list', ...rest] = words
  const path = `${findProject(host.fs, host.cwd)}/.npmrc`
  const lines = host.fs.exists(path) ? (decodeUtf8(host.fs.readFile(path)) ?? '').replace(/\n$/, '').split('\n') : []
  const keyOf = (line: string) => /^\s*([^\s=;#]+)\s*(?:=|$)/.exec(line)?.[1]?.replace(/\[\]$/, '')
  const settingOf = (key: string) => {
    const line = lines.findLast((each) => keyOf(each) === key)
    if (line === undefined) return Object.hasOwn(defaults, key) ? defaults[key] : undefined
    return line.includes('=') ? line.slice(line.indexOf('=') + 1).trim() : 'true'
  }
  const save = (changed: readonly string[]) => {
    if (changed.length === 0) host.fs.rm(path, { force: true })
    else host.fs.writeFile(path, `${changed.join('\n')}\n`)
    return 0
  }
  switch (action) {
    case 'get':
      if (rest.some((key) => /^\/\/|_auth|_password|token/i.test(key)))
        return fail('The token option is protected, and cannot be retrieved in this way')
      for (const key of rest) say(rest.length > 1 ? `${key}=${settingOf(key)}` : String(settingOf(key)))
      return 0
    case 'set': {
      const pairs = rest[0]?.includes('=') ? rest : [`${rest[0] ?? ''}=${rest[1] ?? ''}`]
      const keys = pairs.map((pair) => pair.slice(0, pair.indexOf('=')))
      if (keys.includes('')) return fail('Usage: npm config set <key>=<value>')
      return save([...lines.filter((line) => !keys.includes(keyOf(line) ?? '')), ...pairs])
    }
    case 'delete':
    case 'rm':
      return save(lines.filter((line) => !rest.includes(keyOf(line) ?? '')))
    case 'list':
    case 'ls': {
      const shown = flags.has('long') ? Object.entries(defaults).map(([key, value]) => `${key} = ${value}`) : []
      const own = lines.filter((line) => keyOf(line) !== undefined && !/_auth|_password|token/i.test(line))
      say([...shown, `; "project" config from ${path}`, ...own].join('\n'))
      return 0
    }
    default:
      return fail('Usage: npm config get <key> | set <key>=<value> | delete <key> | list')
  }
}
