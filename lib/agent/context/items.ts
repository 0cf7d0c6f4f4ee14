import type { ResponseItem } from '@/lib/models'
import { assembleBasePrompt, type PromptPack } from '@/lib/prompts'
import type { PolicyMode } from '@/lib/safety'
import type { SymbolFile } from '@/lib/sandbox'
import type { FileMap } from '@/lib/workspace'
import type { TurnMode } from '../events'
import { message, textOf } from '../history'
import type { EnabledServer } from '../tool-servers/types'
import { describeFocus, type Focus, focusIn, nothingInFocus } from './focus'
import { harmless } from './harmless'
import { instructionsIn, noInstructions, projectInstructions, sourcesIn } from './instructions'
import { projectMap } from './project-map'
import { describeServerTools, noServerTools, serverToolsIn } from './server-tools'
import { touchedPaths } from './touched'

/** Paths listed in the environment. The model can search for the rest. */
export const maxListedPaths = 400

export interface ContextFacts {
  pack: PromptPack
  mode: TurnMode
  policy: PolicyMode
  files: FileMap
  focus: Focus
  /** What TypeScript knows of the files. */
  symbols?: ReadonlyMap<string, SymbolFile> | undefined
  /** Whose tools the model may use. */
  servers?: readonly EnabledServer[]
  /** Files changed before the history began. */
  touched?: readonly string[]
  now: Date
}

/**
 * What the model has to be told before the next message. The first turn gets everything; later turns get new items for what
 * changed. Nothing sent is edited, so each request stays a prefix of the next and the provider's cache holds.
 */
export function contextItems(history: readonly ResponseItem[], facts: ContextFacts): ResponseItem[] {
  const base = history.length === 0 ? [message('developer', assembleBasePrompt(facts.pack))] : []
  return [...base, ...sessionItems(history, facts), ...environmentItems(history, facts)]
}

/** Mode and policy, when they are not what the model was last told. */
export function sessionItems(
  history: readonly ResponseItem[],
  { pack, mode, policy }: Pick<ContextFacts, 'pack' | 'mode' | 'policy'>,
): ResponseItem[] {
  const text = `<session>\n${pack.modes[mode]}\n${pack.policies[policy]}\n</session>`
  const told = history.findLast((item) => isFrom(item, 'developer') && textOf(item).startsWith('<session>'))
  return told && textOf(told) === text ? [] : [message('developer', text)]
}

function environmentItems(
  history: readonly ResponseItem[],
  { files, focus, symbols, servers = [], touched = [], now }: ContextFacts,
): ResponseItem[] {
  const told = history.filter((item) => isFrom(item, 'user')).map(textOf)
  const listings = told.filter((text) => text.startsWith('<environment'))
  const paths = [...files.keys()].map(harmless).sort()
  const isFirst = listings.length === 0
  const listing = isFirst ? describeEnvironment(paths, now) : describeChanges(toldPaths(listings), paths)
  // It stays as it was: telling it anew would cost more than it helps.
  const map = isFirst ? projectMap(files, { focus: focus.openFiles, ...(symbols && { known: symbols }) }) : ''
  const places = [...focus.openFiles, ...touched, ...touchedPaths(history)]
  const date = isFirst ? '' : dateNews(told, now)
  const texts = [
    listing,
    date,
    map,
    focusNews(told, focus),
    toolNews(told, servers),
    instructionNews(told, files, places),
  ]
  const news = texts.filter((text) => text !== '')
  return news.length > 0 ? [message('user', ...news)] : []
}

/** What the user looks at, when it is not what the model was last told. */
function focusNews(told: readonly string[], focus: Focus): string {
  const before = told.map(focusIn).findLast((text) => text !== '') ?? nothingInFocus
  const now = describeFocus(focus) || nothingInFocus
  return now === before ? '' : now
}

/** Tools of other servers, when they are not what the model was last told. */
function toolNews(told: readonly string[], servers: readonly EnabledServer[]): string {
  const before = told.map(serverToolsIn).findLast((text) => text !== '') ?? noServerTools
  const now = describeServerTools(servers) || noServerTools
  return now === before ? '' : now
}

/** Instructions for all folders that matter, when they are not what the model was last told. A folder told once stays. */
function instructionNews(told: readonly string[], files: FileMap, places: readonly string[]): string {
  const before = told.map(instructionsIn).findLast((text) => text !== '') ?? noInstructions
  const now = projectInstructions(files, [...places, ...sourcesIn(before)])
  return now === before ? '' : now
}

function describeEnvironment(paths: readonly string[], now: Date): string {
  return [
    '<environment>',
    'sandbox: in the browser tab, Node-like, no network',
    dateLine(now),
    `files: ${paths.length}`,
    ...paths.slice(0, maxListedPaths).map((path) => `- ${path}`),
    ...(paths.length > maxListedPaths ? [`(${paths.length - maxListedPaths} more; use search with kind "glob")`] : []),
    '</environment>',
    '',
  ].join('\n')
}

function dateLine(now: Date): string {
  return `date: ${now.toISOString().slice(0, 10)}`
}

const dateTag = '<environment-date>'

/** A thread can go on another day. */
function dateNews(told: readonly string[], now: Date): string {
  const before = told.findLast((text) => text.startsWith('<environment>') || dateIn(text) !== '') ?? ''
  const line = dateLine(now)
  const isTold = before.startsWith('<environment>')
    ? before.slice(0, before.indexOf('</environment')).split('\n').includes(line)
    : dateIn(before).includes(line)
  return isTold ? '' : [dateTag, line, '</environment-date>', ''].join('\n')
}

/** What a later item says of the date; empty when it says nothing. Instructions of the project say nothing of it. */
function dateIn(text: string): string {
  const [ours = ''] = text.split('<project-instructions', 1)
  const from = ours.startsWith('<environment') ? ours.indexOf(dateTag) : -1
  return from === -1 ? '' : ours.slice(from, ours.indexOf('</environment-date>', from))
}

function describeChanges(before: ReadonlySet<string>, paths: readonly string[]): string {
  const now = new Set(paths)
  const lines = [
    ...paths.filter((path) => !before.has(path)).map((path) => `+ ${path}`),
    ...[...before].filter((path) => !now.has(path)).map((path) => `- ${path}`),
  ]
  // Past the listing's limit nothing useful can be said about what is new.
  if (lines.length === 0 || paths.length > maxListedPaths) return ''
  return [
    '<environment-changes>',
    'Files that came (+) and went (-) since you were last told:',
    ...lines,
    '</environment-changes>',
    '',
  ].join('\n')
}

/** Replays the listing and its changes as the model was told them. */
function toldPaths(listings: readonly string[]): Set<string> {
  const paths = new Set<string>()
  for (const text of listings) {
    const isFirst = text.startsWith('<environment>')
    for (const line of text.slice(0, text.indexOf('</environment')).split('\n')) {
      if (line.startsWith('+ ') || (isFirst && line.startsWith('- '))) paths.add(line.slice(2))
      else if (line.startsWith('- ')) paths.delete(line.slice(2))
    }
  }
  return paths
}

function isFrom(item: ResponseItem, role: 'developer' | 'user'): boolean {
  return item.type === 'message' && item.role === role
}
