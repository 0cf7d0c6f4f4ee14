/** The command lines of a makefile as a shell script: all recipes, whatever is made, and what `$(shell …)` runs. */
export function makefileLines(text: string): string {
  const variables = new Map<string, string>()
  const lines: string[] = []
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [, name = '', value = ''] =
      /^[ ]*(?:(?:export|override)\s+)*([\w.-]+)\s*(?::{1,2}|\?|\+|!)?=\s*(.*)$/.exec(line) ?? []
    if (!line.startsWith('\t') && name !== '') variables.set(name, value.replace(/\s+#.*$/, ''))
    const recipe = line.startsWith('\t') ? line : /^[^\s#=][^=;]*:[^=;]*;(.*)$/.exec(line)?.[1]
    if (recipe !== undefined) lines.push(filled(recipe.replace(/^[\s@+-]+/, ''), variables, 0))
    for (const [, command = ''] of line.matchAll(/\$[({]shell\s+([^)}]*)/g)) lines.push(filled(command, variables, 0))
  }
  return lines.join('\n')
}

/** The files that it includes by name. */
export const includedFiles = (text: string): string[] =>
  [...text.matchAll(/^(?:-|s)?include[ \t]+([^#\n]*)/gm)].flatMap(([, names = '']) =>
    names.split(/\s+/).filter((name) => name !== '' && !/[$*?]/.test(name)),
  )

/** With variables in their places; one that is not known stays one for the shell, so that what it says is unclear. */
function filled(line: string, variables: ReadonlyMap<string, string>, depth: number): string {
  return line.replaceAll(
    /\$(?:\$|\(([\w.-]+)\)|\{([\w.-]+)\}|([@<^?*+]))/g,
    (whole, round?: string, curly?: string, automatic?: string) => {
      if (whole === '$$') return '$'
      const name = round ?? curly
      if (automatic !== undefined || name === undefined) return 'file'
      if (name === 'MAKE') return 'make'
      const value = variables.get(name)
      return value === undefined || depth > 4 ? `$${name.replaceAll(/\W/g, '_')}` : filled(value, variables, depth + 1)
    },
  )
}
