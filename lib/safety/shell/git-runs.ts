import type { ShellLine, SimpleCommand, Word } from './parse-shell'

/** Options of git itself that are followed by a value. */
const valued = /^(?:-[Cc]|--(?:git-dir|work-tree|namespace|config-env))$/
/** Variables whose value git, or what it starts, runs as a line of the shell. */
const program =
  /^(?:GIT_(?:SEQUENCE_EDITOR|EDITOR|PAGER|SSH_COMMAND|EXTERNAL_DIFF|ASKPASS|PROXY_COMMAND)|VISUAL|EDITOR|PAGER)\+?=(.*)$/s

/** Where git's command stands among the words behind `git`. */
export function gitCommandAt(words: readonly Word[]): number {
  let at = 0
  while (words[at]?.text.startsWith('-')) at += valued.test(words[at]?.text ?? '') ? 2 : 1
  return at
}

/** The line with what git is told to run: `git bisect run …`, `git rebase --exec '…'`, the editor that a variable names. */
export function withGitRuns(line: ShellLine, parse: (text: string) => ShellLine): ShellLine {
  const words = [...line.commands.flatMap((command) => command.words), ...line.values]
  const texts = [
    ...words.flatMap(({ text }) => program.exec(text)?.[1] ?? []),
    ...line.commands.flatMap(({ words: own }) => executed(own)),
  ]
  const tests = line.commands.flatMap(bisected)
  const inner = texts.filter((text) => text !== '').map(parse)
  if (inner.length + tests.length === 0) return line
  return {
    commands: [...line.commands, ...tests, ...inner.flatMap(({ commands }) => commands)],
    values: [...line.values, ...inner.flatMap(({ values }) => values)],
    plain: false,
    broken: line.broken || inner.some(({ broken }) => broken),
  }
}

/** The words behind the `git` of a command, whatever starts it, from git's own command on. */
function gitWords(words: readonly Word[]): readonly Word[] {
  const git = words.findIndex(({ text }) => /^(?:.*\/)?git$/.test(text))
  if (git === -1) return []
  const args = words.slice(git + 1)
  return args.slice(gitCommandAt(args))
}

function bisected(command: SimpleCommand): SimpleCommand[] {
  const [name, verb, ...words] = gitWords(command.words)
  return name?.text === 'bisect' && verb?.text === 'run' ? [{ ...command, words, writes: [], reads: [] }] : []
}

/** `-x <line>`, `--exec=<line>`; options may be shortened. */
function executed(words: readonly Word[]): string[] {
  const [name, ...args] = gitWords(words)
  if (name?.text !== 'rebase') return []
  return args.flatMap(({ text }, index) => {
    const [, attached] = /^(?:-[a-zA-Z]*?x|--exe?c?=)(.+)$/s.exec(text) ?? []
    if (attached !== undefined) return [attached]
    return /^(?:-[a-zA-Z]*x|--exe?c?)$/.test(text) ? [args[index + 1]?.text ?? ''] : []
  })
}
