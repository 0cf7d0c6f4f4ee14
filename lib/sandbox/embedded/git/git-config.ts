import { type ProcessHost, projectRoot } from '../process/host'
import type { Repository } from './repository'

export interface ConfigEntry {
  /** `user.name`: section and name in lower case, the part between as written. */
  key: string
  value: string
}

/** Reads git's configuration syntax, as far as people use it. */
export function parseConfig(text: string): ConfigEntry[] {
  const entries: ConfigEntry[] = []
  let section = ''
  for (const line of text.split('\n')) {
    const heading = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line)
    if (heading) {
      const [, name = '', sub] = heading
      section = name.toLowerCase() + (sub === undefined ? '' : `.${sub.replaceAll(/\\(.)/g, '$1')}`)
      continue
    }
    const setting = /^\s*([A-Za-z][\w-]*)\s*(?:=\s*(.*?))?\s*$/.exec(line)
    if (setting && section !== '') {
      const value = (setting[2] ?? 'true').replace(/^"(.*)"$/, '$1').replaceAll(/\\(.)/g, '$1')
      entries.push({ key: `${section}.${setting[1]?.toLowerCase()}`, value })
    }
  }
  return entries
}

/** The text with one setting changed, added, or removed (null). */
export function editConfig(text: string, key: string, value: string | null): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const dot = key.lastIndexOf('.')
  const section = key.slice(0, dot)
  const name = key.slice(dot + 1)
  const quotedValue = value !== null && (value === '' || /[#;"\\]|^\s|\s$/.test(value)) ? JSON.stringify(value) : value
  const written = `\t${name} = ${quotedValue}`
  let current = ''
  let lastInSection = -1
  for (const [index, line] of lines.entries()) {
    const [entry] = parseConfig(`${line}\n\tx = 1`)
    if (/^\s*\[/.test(line) && entry) current = entry.key.replace(/\.x$/, '')
    if (!isSameKey(`${current}.x`, `${section}.x`)) continue
    lastInSection = index
    const isSetting = new RegExp(`^\\s*${name}\\s*(=|$)`, 'i').test(line)
    if (!isSetting) continue
    if (value === null) lines.splice(index, 1)
    else lines[index] = written
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`
  }
  if (value === null) return text
  if (lastInSection === -1) lines.push(sectionHeading(section), written)
  else lines.splice(lastInSection + 1, 0, written)
  return `${lines.join('\n')}\n`
}

function sectionHeading(section: string): string {
  const dot = section.indexOf('.')
  if (dot === -1) return `[${section}]`
  return `[${section.slice(0, dot)} "${section.slice(dot + 1).replaceAll(/(["\\])/g, '\\$1')}"]`
}

export function isSameKey(a: string, b: string): boolean {
  return normalKey(a) === normalKey(b)
}

function normalKey(key: string): string {
  const [first, last] = [key.indexOf('.'), key.lastIndexOf('.')]
  return key.slice(0, first).toLowerCase() + key.slice(first, last) + key.slice(last).toLowerCase()
}

/** What `~` stands for in paths of the configuration. */
export const homeRoot = projectRoot

/** Where `--global` settings live: the home folder is the project, so they are kept beside the repository. */
export const globalConfigPath = `${projectRoot}/.git/vitrine-global-config`

/** All settings that apply, later ones win: global, the repository's, then `-c` of this command. */
export function readConfig(
  { fs }: Pick<ProcessHost, 'fs'>,
  repository: Repository | null,
  overrides: readonly ConfigEntry[],
) {
  const global = fs.exists(globalConfigPath) ? new TextDecoder().decode(fs.readFile(globalConfigPath)) : ''
  return [...parseConfig(global), ...parseConfig(repository?.readText('config') ?? ''), ...overrides]
}

/** A setting of the user or the repository, by its key in lower case. */
export function readSetting(repository: Repository, key: string): string | undefined {
  return readConfig(repository, repository, []).findLast((entry) => entry.key === key)?.value
}
