import { parse } from 'es-module-lexer/js'

const mark = '$string_name_'

/**
 * Exported and imported names that are strings (`export { a as 'module.exports' }`), which the compiler to CommonJS
 * cannot write as properties: before it, words that stand for them.
 */
export function hideStringNames(code: string): string {
  if (!/\bas\s*["']|["']\s*as\b|\bexport\s*\{[^}]*["']/.test(code)) return code
  const [imports, exports] = parse(code)
  // The specifier and its quote come last in the statement.
  const clauses = imports.flatMap(({ d, ss, s }) => (d === -1 ? [{ start: ss, end: s - 1 }] : []))
  const names = exports.map(({ s, e }) => ({ start: s, end: e }))
  const isInside = (index: number) => [...clauses, ...names].some(({ start, end }) => index >= start && index < end)
  return code.replace(/"([^"\n]*)"|'([^'\n]*)'/g, (text, double: string | undefined, single = '', index = 0) =>
    isInside(index) ? mark + toHex(double ?? single) : text,
  )
}

/** After it, the names themselves. */
export function showStringNames(code: string): string {
  if (!code.includes(mark)) return code
  return code
    .replace(/\.\$string_name_([0-9a-f_]*)/g, (_, hex: string) => `[${JSON.stringify(fromHex(hex))}]`)
    .replace(/(["'])\$string_name_([0-9a-f_]*)\1/g, (_, _quote, hex: string) => JSON.stringify(fromHex(hex)))
}

const toHex = (text: string) => Array.from(text, (char) => char.codePointAt(0)?.toString(16)).join('_')
const fromHex = (hex: string) =>
  hex === '' ? '' : String.fromCodePoint(...hex.split('_').map((part) => Number.parseInt(part, 16)))
