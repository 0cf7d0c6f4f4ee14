import { placeAt } from '../loader/errors'
import type { Loader } from '../loader/loader'
import type { Library } from './library/library'

interface SyntaxNode {
  type: string
  start: number
  [key: string]: unknown
}
type Parse = (code: string, options: object) => SyntaxNode

/** What Node says of a program that ends while a module still waits: where, as far as the text tells. */
export function describeUnsettledAwait(library: Library, { linker, sources }: Loader, entry: string): string {
  const head = 'Warning: Detected unsettled top-level await'
  const { parse } = library.require<{ parse: Parse }>('internal/deps/acorn/acorn/dist/acorn')
  for (const path of linker.modulesOf(entry)) {
    const { code } = sources.load(path)
    const index = /\bawait\b/.test(code)
      ? firstAwait(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }))
      : null
    if (index === null) continue
    const { line, column } = placeAt(path, code, index)
    return `${head} at ${path}:${line}\n${code.split('\n')[line - 1]}\n${' '.repeat(column - 1)}^\n\n\n`
  }
  return `${head}\n`
}

/** The index of the first `await` outside of functions. */
function firstAwait(node: SyntaxNode): number | null {
  if (/Function/.test(node.type)) return null
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await === true)) return node.start
  for (const child of Object.values(node).flat()) {
    const found = isNode(child) ? firstAwait(child) : null
    if (found !== null) return found
  }
  return null
}

const isNode = (value: unknown): value is SyntaxNode => typeof value === 'object' && value !== null && 'type' in value
