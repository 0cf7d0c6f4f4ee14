const assignment =
  /^(?<target>[^\t#=][^#=]*:)?\s*(?:(?:export|override|private)\s+)*(?<name>[\w.-]+)\s*(?<operator>:{1,2}|[?+!])?=\s*(?<value>.*)$/

/**
 * The command lines of a makefile as a shell script: all recipes, whatever is made, and what `$(shell …)` and `!=` run.
 * Variables that may have another value by then stay variables.
 */
export function makefileLines(text: string): string {
  const variables = new Map<string, string | null>()
  const commands: string[] = []
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    for (const [, command = ''] of line.matchAll(/\$[({]shell\s+([^)}]*)/g)) commands.push(command)
    const defined = /^\s*(?:(?:export|override)\s+)*define\s+(\S+)/.exec(line)?.[1]
    const { target, name, operator = '', value = '' } = assignment.exec(line)?.groups ?? {}
    if (defined !== undefined) variables.set(defined, null)
    else if (line.startsWith('\t')) commands.push(line)
    else if (name !== undefined) {
      const isSure = target === undefined && /^(?::*|\?)$/.test(operator) && !variables.has(name)
      variables.set(name, isSure ? value.replace(/\s+#.*$/, '') : null)
      if (operator === '!') commands.push(value)
    } else commands.push(/^[^\s#=][^=;]*:[^=;]*;(.*)$/.exec(line)?.[1] ?? '')
  }
  return commands.map((command) => filled(command.replace(/^[\s@+-]+/, ''), variables, 0)).join('\n')
}

/** The files that it includes; null for those that only `make` can name. */
export const includedFiles = (text: string): (string | null)[] =>
  [...text.matchAll(/^(?:-|s)?include[ \t]+([^#\n]*)/gm)].flatMap(([, names = '']) =>
    /[$*?[]/.test(names) ? [null] : names.split(/\s+/).filter((name) => name !== ''),
  )

/** With variables in their places; one that is not known stays one for the shell, so that what it says is unclear. */
function filled(line: string, variables: ReadonlyMap<string, string | null>, depth: number): string {
  return line.replaceAll(
    /\$(?:\$|\(([\w.-]+)\)|\{([\w.-]+)\}|([@<^?*+]))/g,
    (whole, round?: string, curly?: string, automatic?: string) => {
      if (whole === '$$') return '$'
      const name = round ?? curly
      if (automatic !== undefined || name === undefined) return '$file'
      if (name === 'MAKE') return 'make'
      const value = variables.get(name)
      return value == null || depth > 4 ? `$${name.replaceAll(/\W/g, '_')}` : filled(value, variables, depth + 1)
    },
  )
}
