import { isReadOnly } from './known-safe'
import type { SimpleCommand } from './parse-shell'

/** Commands that put other content in many files at once. */
const replacers = /^(?:tar|unzip|patch|rsync)$/
const gitReplacers = /^(?:checkout|switch|restore|reset|stash|merge|pull|apply|am|cherry-pick|rebase|revert)$/
const copiers = /^(?:cp|mv|ln|install)$/
/** Changes no content. */
const harmless = /^(?:chmod|touch|mkdir|cd|pushd|popd)$/

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
