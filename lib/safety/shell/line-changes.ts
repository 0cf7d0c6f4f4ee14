import { startsOthers } from './dangerous'
import { isReadOnly } from './known-safe'
import type { SimpleCommand, Word } from './parse-shell'

/** Commands that put other content in many files at once. */
const replacers = /^(?:tar|unzip|patch|rsync)$/
const gitReplacers = /^(?:checkout|switch|restore|reset|stash|merge|pull|apply|am|cherry-pick|rebase|revert)$/
const copiers = /^(?:cp|mv|ln|install)$/
/** Changes no content. */
const harmless = /^(?:chmod|touch|mkdir|cd|pushd|popd)$/

/** Programs that do whatever the code says that they are given. */
const interpreters = /^(?:node|nodejs|deno|bun|tsx|ts-node|python3?|pypy3?|ruby|perl|php|[gmn]?awk|make)$/
/** Words after which a line may run in another order than it is written. */
const disordered = /\b(?:while|until|for|select|function|trap|alias|coproc)\b|\(\s*\)|(?<![&>|])&(?![&>])/

/**
 * Whether a command runs a program of the project's own, which may write any file: what is run after it may not be what
 * it was when it was read. Test runners, compilers and linters are taken at their word.
 */
export function runsOwnProgram({ words }: SimpleCommand): boolean {
  return startsIn(words).some((start) => {
    const path = words[start]?.text ?? ''
    if (isOwnPath(path)) return true
    const isGiven = ({ text }: Word, index: number) => index > start && !/^--?(?:v|V|version|h|help)$/.test(text)
    return interpreters.test(nameOf(path)) && words.some(isGiven)
  })
}

/** Where the program may stand: behind options that have values, nobody can tell which word it is. */
function startsIn(words: readonly Word[]): number[] {
  const name = nameOf(words[0]?.text ?? '')
  const isFind = name === 'find'
  if (!isFind && !startsOthers(name) && !/^(?:npx|bunx)$/.test(name)) return [0]
  const first = words.findIndex(({ text }, index) => index > 0 && !/^-|=|^\d+[smhd]?$/.test(text))
  return words.flatMap(({ text }, index) => {
    const mayStart = isFind ? /^-(?:exec|ok)(?:dir)?$/.test(words[index - 1]?.text ?? '') : index === first
    return index > 0 && (mayStart || interpreters.test(nameOf(text))) ? [index] : []
  })
}

/** Whether a line runs its commands one after the other, as they are written. */
export function isOrdered(line: string): boolean {
  return !disordered.test(line)
}

/** A program of the machine lies in a folder of programs. */
function isOwnPath(text: string): boolean {
  return text.includes('/') && !/^(?:\/usr(?:\/local)?)?\/s?bin\/|^-|:\/\//.test(text)
}

/**
 * Which files a line may write before it runs them: what was read of such a script beforehand says nothing of it.
 * Told by their names alone, wherever they lie. `isOwn` tells commands that only run what is looked into anyway.
 */
export function changesOf(
  commands: readonly SimpleCommand[],
  isOwn: (command: SimpleCommand) => boolean,
): (file: string) => boolean {
  const names = new Set<string>()
  for (const command of commands) {
    for (const { text } of command.writes) names.add(nameOf(text))
    const texts = command.words.map(({ text }) => text)
    const name = nameOf(texts[0] ?? '')
    if (isOwn(command) || harmless.test(name) || isReadOnly(texts)) continue
    if (replacesMany(name, command)) return () => true
    for (const text of texts) names.add(nameOf(text))
    // `npm pkg set scripts.x=…`
    if (texts.includes('pkg')) names.add('package.json')
  }
  return (file) => names.has(nameOf(file))
}

function replacesMany(name: string, { words }: SimpleCommand): boolean {
  if (replacers.test(name)) return true
  // Options may stand first, some with a value: then each word may be the command.
  if (name === 'git') {
    const own = words[1]?.text.startsWith('-') ? words : words.slice(1, 2)
    return own.some(({ text }) => gitReplacers.test(text))
  }
  if (!copiers.test(name)) return false
  return words.some(({ dynamic, glob }) => dynamic || glob) || /(?:^|\/)\.{0,2}$/.test(words.at(-1)?.text ?? '')
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
