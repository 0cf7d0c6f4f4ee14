// Characters that mean something to a shell. Without them a line is words and quotes, and needs no shell to run.
const shellSyntax = /[|&;<>()$`\\*?[\]{}~#!\n=%]/

/** The words of a plain command line such as `vitest run 'a b.test.ts'`; null when a shell has to read it. */
export function splitPlainCommand(line: string): string[] | null {
  const words: string[] = []
  const pattern = /[^\S\n]*(?:"([^"]*)"|'([^']*)'|([^\s"']+))(?=[^\S\n]|$)/gy
  const text = line.trim()
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text)
    if (!match) return null
    const [, double, single, bare] = match
    if (single === undefined && shellSyntax.test((double ?? bare ?? '').replaceAll(/(?<=.)=/g, ''))) return null
    words.push(double ?? single ?? bare ?? '')
  }
  // A leading assignment (`A=1 node x`) is the shell's business; `--name=value` is not.
  return words.length === 0 || words[0]?.includes('=') ? null : words
}
