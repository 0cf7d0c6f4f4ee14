import type { JsxConfig } from './tsconfig'

export interface JsxSettings {
  isClassic: boolean
  importSource: string | null
  /** What classic JSX calls. */
  factory: string | null
  fragment: string | null
}

const leadingComments = /^(?:#![^\n]*\n)?(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/
const pragma = /@(jsx|jsxFrag|jsxRuntime|jsxImportSource)\s+([^\s*]+)/g

/** How the JSX of a file is compiled: its own comments (`@jsx`, `@jsxImportSource` and so on) win over the project. */
export function jsxOf(text: string, config: JsxConfig): JsxSettings {
  const comments = text.includes('@jsx') ? (leadingComments.exec(text)?.[0] ?? '') : ''
  const own = new Map([...comments.matchAll(pragma)].map(([, name = '', value = '']) => [name, value]))
  const runtime =
    own.get('jsxRuntime') ?? (own.has('jsx') ? 'classic' : own.has('jsxImportSource') ? 'automatic' : null)
  return {
    isClassic: runtime === null ? config.jsx === 'react' : runtime === 'classic',
    importSource: own.get('jsxImportSource') ?? config.jsxImportSource,
    factory: own.get('jsx') ?? config.jsxFactory,
    fragment: own.get('jsxFrag') ?? config.jsxFragment,
  }
}
