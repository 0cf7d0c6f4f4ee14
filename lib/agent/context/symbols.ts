/** Something that a file defines at its outermost level. */
export interface FileSymbol {
  name: string
  kind: 'function' | 'class' | 'type' | 'value'
  /** 1-based. */
  line: number
  exported: boolean
}

const script = /\.[cm]?[jt]sx?$/
const python = /\.py$/
/** Longer lines are generated code. */
const maxLine = 400

const declaration =
  /^(export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(function\*?|class|interface|type|enum|namespace|const|let|var)\s+([A-Za-z_$][\w$]*)/
const exportList = /^export\s*(?:type\s*)?\{([^}]*)\}/
const commonJs = /^(?:module\.)?exports\.([A-Za-z_$][\w$]*)\s*=/
const pythonDeclaration = /^(?:async\s+)?(def|class)\s+([A-Za-z_]\w*)/

export function hasSymbols(path: string): boolean {
  return script.test(path) || python.test(path)
}

/** Definitions at the outermost level, from the look of each line: quick, for every file of a project. */
export function symbolsIn(path: string, text: string): FileSymbol[] {
  const found = new Map<string, FileSymbol>()
  const isPython = python.test(path)
  let line = 0
  for (let start = 0; start < text.length; line++) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    const source = end - start <= maxLine ? text.slice(start, end) : ''
    for (const symbol of isPython ? pythonSymbols(source) : scriptSymbols(source)) {
      const known = found.get(symbol.name)
      if (known) known.exported ||= symbol.exported
      else found.set(symbol.name, { ...symbol, line: line + 1 })
    }
    start = end + 1
  }
  return [...found.values()]
}

/** The last line of the definition that begins at `line`: before the next one at the outermost level, blank lines left out. */
export function symbolEnd(text: string, line: number): number {
  const lines = text.split('\n')
  const isNext = (source: string) => /^(?:export\b|@|\/\*\*|[A-Za-z_$])/.test(source)
  const next = lines.findIndex((source, index) => index >= line && isNext(source))
  let end = next === -1 ? lines.length : next
  while (end > line && (lines[end - 1] ?? '').trim() === '') end -= 1
  return end
}

type Seen = Omit<FileSymbol, 'line'>

function scriptSymbols(source: string): Seen[] {
  const declared = declaration.exec(source)
  if (declared?.[3])
    return [{ name: declared[3], kind: kindOf(declared[2] ?? ''), exported: declared[1] !== undefined }]
  const assigned = commonJs.exec(source)?.[1]
  if (assigned) return [{ name: assigned, kind: 'value', exported: true }]
  const listed = exportList.exec(source)?.[1]
  if (listed === undefined) return []
  return listed.split(',').flatMap((entry): Seen[] => {
    const name =
      entry
        .trim()
        .split(/\s+as\s+|\s+/)
        .at(-1) ?? ''
    return /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default' ? [{ name, kind: 'value', exported: true }] : []
  })
}

function pythonSymbols(source: string): Seen[] {
  const [, keyword, name] = pythonDeclaration.exec(source) ?? []
  if (name === undefined) return []
  return [{ name, kind: keyword === 'class' ? 'class' : 'function', exported: !name.startsWith('_') }]
}

function kindOf(keyword: string): FileSymbol['kind'] {
  if (keyword.startsWith('function')) return 'function'
  if (keyword === 'class') return 'class'
  return keyword === 'interface' || keyword === 'type' || keyword === 'namespace' ? 'type' : 'value'
}
