import { joinPath } from '@/lib/base'
import type { FileMap } from '@/lib/workspace'

export interface Completion {
  /** Replaces the line when there is something to add. */
  text: string
  /** Shown when there is a choice. */
  choices: string[]
}

export interface CompletionContext {
  cwd: string
  branches: readonly string[]
  files: FileMap
}

const commands =
  'bash cat cd chmod clear code cp curl cut date diff echo env exit export find git grep gunzip gzip head help history jest jobs jq kill ls mkdir mv node npm npx pip printf pwd python python3 rg rm sed seq sh sleep sort tail tar tee time touch tr tree tsc tsx uniq unzip vitest wait watch wc which xargs zip'.split(
    ' ',
  )
const gitCommands =
  'add blame branch checkout cherry-pick clean commit config diff init log ls-files merge mv rebase reflog reset restore revert rm show stash status switch tag'.split(
    ' ',
  )
const npmCommands = 'ci exec install ls run start test uninstall'.split(' ')
const takesBranch =
  /(?:^|[;&|]\s*)git\s+(?:branch|checkout|cherry-pick|diff|log|merge|rebase|reset|show|switch)\s+(?:\S+\s+)*$/

/** A name with such characters would act on the terminal instead of being shown, or run the line. */
const unspeakable = /[\p{Cc}\p{Cf}]/u

/** Completes the last word: a command, a script of package.json, a git command or branch, else a path. */
export function complete(line: string, { cwd, branches, files }: CompletionContext): Completion {
  const word = /[^\s"'|;&]*$/.exec(line)?.[0] ?? ''
  const before = line.slice(0, line.length - word.length)
  const isFirst = /(^|[|;&]|\$\()\s*$/.test(before)
  if (isFirst && !word.includes('/') && word !== '') {
    const named = completeWord(line, word, commands)
    if (named.choices.length > 0 || named.text !== line) return named
  }
  if (/(^|[|;&]\s*)git\s+$/.test(before)) return completeWord(line, word, gitCommands)
  if (/(^|[|;&]\s*)npm\s+$/.test(before)) return completeWord(line, word, npmCommands)
  if (/(^|[|;&]\s*)npm\s+run(-script)?\s+$/.test(before)) return completeWord(line, word, scriptsOf(files, cwd))
  if (takesBranch.test(before)) {
    const named = completeWord(line, word, branches)
    if (named.choices.length > 0 || named.text !== line) return named
  }
  return completePath(line, cwd, files.keys())
}

function scriptsOf(files: FileMap, cwd: string): string[] {
  const text = files.get(cwd === '' ? 'package.json' : `${cwd}/package.json`)
  if (typeof text !== 'string') return []
  try {
    const manifest: unknown = JSON.parse(text)
    const scripts = manifest instanceof Object ? Reflect.get(manifest, 'scripts') : null
    return scripts instanceof Object ? Object.keys(scripts) : []
  } catch {
    // A manifest in the middle of an edit has no scripts to offer.
    return []
  }
}

function completeWord(line: string, word: string, names: readonly string[]): Completion {
  const choices = names.filter((name) => name.startsWith(word) && !unspeakable.test(name)).sort()
  if (choices.length === 0) return { text: line, choices }
  const head = line.slice(0, line.length - word.length)
  if (choices.length === 1) return { text: `${head}${choices[0]} `, choices: [] }
  return { text: head + sharedStart(choices), choices }
}

/** Completes the last word of a line with the project's paths. */
export function completePath(line: string, cwd: string, paths: Iterable<string>): Completion {
  const word = /[^\s"']*$/.exec(line)?.[0] ?? ''
  const slash = word.lastIndexOf('/') + 1
  const folder = joinPath(cwd, word.slice(0, slash))
  if (folder === null) return { text: line, choices: [] }
  const prefix = folder === '' ? '' : `${folder}/`
  const names = new Set<string>()
  for (const path of paths) {
    if (!path.startsWith(prefix)) continue
    const [name = '', ...rest] = path.slice(prefix.length).split('/')
    if (name.startsWith(word.slice(slash)) && !unspeakable.test(name)) names.add(rest.length > 0 ? `${name}/` : name)
  }
  const choices = [...names].sort()
  const shared = sharedStart(choices)
  const isDone = choices.length === 1 && !shared.endsWith('/')
  const text = line.slice(0, line.length - word.length + slash) + shared + (isDone ? ' ' : '')
  return choices.length === 0 ? { text: line, choices } : { text, choices: choices.length > 1 ? choices : [] }
}

function sharedStart(names: readonly string[]): string {
  const [first = '', ...others] = names
  let length = first.length
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length -= 1
  return first.slice(0, length)
}

/** Where `cd` leads, project-relative; null when there is no such folder. */
export function changeFolder(cwd: string, target: string, paths: Iterable<string>): string | null {
  const bare = target.trim().replace(/^["']|["']$/g, '')
  const inProject = bare.replace(/^(~|\/home\/project)(?=\/|$)/, '')
  const isRooted = inProject !== bare || bare === ''
  const folder = isRooted ? joinPath(inProject) : bare.startsWith('/') ? null : joinPath(cwd, bare)
  if (folder === null || folder === '') return folder
  for (const path of paths) if (path.startsWith(`${folder}/`)) return folder
  return null
}
