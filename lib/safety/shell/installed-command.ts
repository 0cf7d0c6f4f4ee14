import { isReadOnly } from './known-safe'
import type { ShellLine, SimpleCommand } from './parse-shell'

/**
 * The command of a package that a line runs by `npx`, when nothing else in the line can change anything before: whether
 * it is installed is then as true when it runs as when it was looked at. Null when there is none, or another `npx` could
 * be meant: in another folder, of a version, with options of its own.
 */
export function packageCommand({ plain, commands }: ShellLine): string | null {
  const others = commands.filter((command) => !isNpx(command))
  const [npx, more] = commands.filter(isNpx)
  const [, target] = npx?.words ?? []
  if (!plain || !target || more !== undefined || target.dynamic || target.glob) return null
  const isAlone = others.every(({ words, writes }) => {
    const texts = words.map(({ text }) => text)
    return writes.length === 0 && texts[0] !== 'cd' && isReadOnly(texts)
  })
  return isAlone && /^[a-z][\w-]*$/.test(target.text) ? target.text : null
}

/** `npx eslint .` is `eslint .` where that is installed. */
export function withInstalled(line: ShellLine, installed: string | undefined): ShellLine {
  if (installed === undefined || packageCommand(line) !== installed) return line
  const commands = line.commands.map((command) =>
    isNpx(command) ? { ...command, words: command.words.slice(1) } : command,
  )
  return { ...line, commands }
}

function isNpx({ words }: SimpleCommand): boolean {
  return words[0]?.text === 'npx'
}
