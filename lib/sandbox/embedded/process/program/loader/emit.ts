import { parse } from 'es-module-lexer/js'
import type { Source } from './source'

/** Names the loader puts into a module's scope; hoisted, so that no column of the user's code moves. */
export const metaName = '__module_meta'
export const importName = '__module_import'

/** Replacements in a text, applied from the end so that earlier places stay right. */
export interface Replacement {
  start: number
  end: number
  text: string
}

export function replaceAll(code: string, replacements: Replacement[]): string {
  let out = ''
  let last = 0
  for (const { start, end, text } of replacements.sort((a, b) => a.start - b.start)) {
    out += code.slice(last, start) + text
    last = end
  }
  return out + code.slice(last)
}

const newlinesOf = (text: string) => text.replace(/[^\n]/g, '')

/** `import.meta` and `import()` become calls of the loader; `suffix` keeps the names of merged modules apart. */
export function rewriteDynamic(source: Source, suffix = ''): Replacement[] {
  return source.imports.flatMap(({ d, ss, s, e }) => {
    if (d === -2) return [{ start: s, end: e, text: `${metaName}${suffix}()` }]
    return d > -1 ? [{ start: ss, end: ss + 'import'.length, text: `${importName}${suffix}` }] : []
  })
}

const dynamicImport = /(?<![.\w$#])import(?=\s*\()/g
const evalDynamicImport = /(?<=\beval\(\s*(?:"[^"\n]*|'[^'\n]*|`[^`]*)(?<![.\w$#]))import(?=\s*\()/g

/** `import()` in scripts, also in texts that are given to `eval`, becomes a call of what is there by this name. */
export function withDynamicImports(code: string): string {
  const starts = placesOfImports(code)
  if (starts === null) return code.replace(dynamicImport, importName)
  const all = new Set([...starts, ...[...code.matchAll(evalDynamicImport)].map(({ index }) => index)])
  return replaceAll(
    code,
    [...all].map((start) => ({ start, end: start + 'import'.length, text: importName })),
  )
}

/** Where the calls of `import()` stand; null where the text cannot be read as a module. */
export function placesOfImports(code: string): number[] | null {
  try {
    return parse(code)[0].flatMap(({ d, ss }) => (d > -1 ? [ss] : []))
  } catch {
    return null
  }
}

/** Static imports point at blob URLs; attributes go, because a JSON module is a script by now. */
export function rewriteStatic(source: Source, urlOf: (specifier: string) => string): Replacement[] {
  return source.imports.flatMap(({ d, n, s, e, se }) => {
    if (d !== -1 || n === undefined) return []
    const tail = source.code.slice(e + 1, se)
    const replacement = { start: s, end: e, text: urlOf(n) }
    return /^\s*(with|assert)\b/.test(tail)
      ? [replacement, { start: e + 1, end: se, text: newlinesOf(tail) }]
      : [replacement]
  })
}

export function usesDynamic(source: Source): boolean {
  return source.imports.some(({ d }) => d !== -1)
}

/** The functions behind `rewriteDynamic`; they call the loader through `registry`, an expression. */
export function dynamicHelpers(path: string, registry: string, suffix = ''): string {
  const from = JSON.stringify(path)
  return (
    `\nfunction ${metaName}${suffix}() { return ${registry}.meta(${from}) }` +
    `\nfunction ${importName}${suffix}(specifier, options) { return ${registry}.import(specifier, ${from}, options) }`
  )
}

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u

/** A name as it may stand in an export clause. */
export const exportName = (name: string) => (identifier.test(name) ? name : JSON.stringify(name))

/** An ES module whose exports are properties of a value made when it is evaluated. */
export function facadeOf(value: string, names: Iterable<string>, hasOwnDefault = false): string {
  const lines = [`const module = ${value}`]
  if (!hasOwnDefault) lines.push('export default module')
  let index = 0
  for (const name of names) {
    const local = `e${index++}`
    lines.push(`const ${local} = module?.[${JSON.stringify(name)}]; export { ${local} as ${exportName(name)} }`)
  }
  return lines.join('\n')
}

/** As `facadeOf`, with exports that follow the module's properties when what `follow` is given is called. */
export function liveFacadeOf(
  value: string,
  names: ReadonlySet<string>,
  { hasOwnDefault, follow }: { hasOwnDefault: boolean; follow: string },
): string {
  const facade = facadeOf(value, names, hasOwnDefault).replace(/^const (e\d+) =/gm, 'let $1 =')
  const updates = [...names].map((name, index) => `e${index} = module?.[${JSON.stringify(name)}]`)
  return `${facade}\n${follow}(() => { ${updates.join('; ')} })`
}
