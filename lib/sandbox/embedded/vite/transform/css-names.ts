import { isExportable } from './exportable'

const conventions = ['camelCase', 'camelCaseOnly', 'dashes', 'dashesOnly'] as const
/** How the class names of CSS modules are offered to scripts, as `css.modules.localsConvention` says. */
export type LocalsConvention = (typeof conventions)[number]

export const readConvention = (value: unknown): LocalsConvention | null =>
  conventions.find((name) => name === value) ?? null

/** The names that a class goes by in scripts. */
export function namesOfClass(name: string, convention: LocalsConvention | null): string[] {
  if (convention === null) return [name]
  const separator = convention.startsWith('camelCase') ? /[-_]+(\w)/g : /-+(\w)/g
  const other = name.replace(/^[-_]+/, '').replace(separator, (_, letter: string) => letter.toUpperCase())
  return convention.endsWith('Only') || other === name ? [other] : [name, other]
}

/** A module that offers, by their names in scripts, the classes that `source` exports by their own. */
export function renamedClasses(css: string, source: string, convention: LocalsConvention): string {
  const classes = new Set([...css.matchAll(/\.(-?[A-Za-z_][\w-]*)/g)].map((match) => match[1] ?? ''))
  const pairs = [...classes].flatMap((name) => namesOfClass(name, convention).map((other) => [other, name] as const))
  const values = pairs.map(([other, name]) => `${JSON.stringify(other)}: own[${JSON.stringify(name)}]`)
  const exported = pairs.filter(([other]) => isExportable(other)).map(([other]) => other)
  return [
    `import own from ${JSON.stringify(source)}`,
    `const names = { ${values.join(', ')} }`,
    ...[...new Set(exported)].map((name) => `export const ${name} = names[${JSON.stringify(name)}]`),
    'export default names',
  ].join('\n')
}
