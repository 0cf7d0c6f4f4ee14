import ts from 'typescript-browser'
import type { Diagnostic } from '../../types'
import type { CheckedFiles } from './checked-files'

/**
 * What people and the agent read: one clear warning for each package that is declared but not installed, instead of
 * the errors that follow from its absence. Sorted by place, each once.
 */
export function toDiagnostics(found: readonly ts.Diagnostic[], files: CheckedFiles): Diagnostic[] {
  const declared = declaredPackages(files)
  const missing = new Map<string, { first: ts.Diagnostic; files: Set<string> }>()
  const blind = new Set<string>()
  for (const diagnostic of found) {
    const name = missingPackage(diagnostic)
    if (name === null || !declared.has(name)) continue
    const path = diagnostic.file?.fileName ?? ''
    const entry = missing.get(name) ?? { first: diagnostic, files: new Set() }
    entry.files.add(path)
    missing.set(name, entry)
    blind.add(path)
  }
  const kept = found.filter((diagnostic) => {
    const name = missingPackage(diagnostic)
    if (name !== null && declared.has(name)) return false
    return !(blind.has(diagnostic.file?.fileName ?? '') && followsFromMissing.has(diagnostic.code))
  })
  const warnings = [...missing].map(([name, { first, files: used }]) => ({
    ...toDiagnostic(first),
    severity: 'warning' as const,
    message: `The package “${name}” is not installed, so its types are unknown${used.size > 1 ? ` (imported in ${used.size} files)` : ''}. Run “npm install”.`,
  }))
  return unique([...kept.map(toDiagnostic), ...warnings])
}

/** Implicit `any`, unknown JSX elements, unknown types: what is unknown for want of a package is nobody's mistake. */
const followsFromMissing = new Set([7005, 7006, 7008, 7010, 7011, 7018, 7019, 7026, 7031, 7034, 17004, 2503])

const cannotFindModule = new Set([2307, 2732, 2792, 7016, 2875])

/** The package that an unresolved import names; null for anything else. */
function missingPackage({ code, messageText }: ts.Diagnostic): string | null {
  if (!cannotFindModule.has(code)) return null
  const specifier = /'([^']+)'/.exec(ts.flattenDiagnosticMessageText(messageText, '\n'))?.[1]
  return /^(@[\w.-]+\/[\w.-]+|[\w][\w.-]*)(\/|$)/.exec(specifier ?? '')?.[1] ?? null
}

function declaredPackages(files: CheckedFiles): Set<string> {
  const { config } = ts.readConfigFile('/package.json', files.read)
  const names = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']
  return new Set(names.flatMap((field) => Object.keys((config as Record<string, object> | undefined)?.[field] ?? {})))
}

function toDiagnostic({ file, start = 0, length = 0, category, code, messageText }: ts.Diagnostic): Diagnostic {
  const at = (offset: number) =>
    file && offset <= file.text.length ? ts.getLineAndCharacterOfPosition(file, offset) : { line: 0, character: 0 }
  const from = at(start)
  const to = at(start + length)
  return {
    path: file?.fileName.replace(/^\//, '') ?? 'tsconfig.json',
    line: from.line + 1,
    column: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
    severity:
      category === ts.DiagnosticCategory.Error
        ? 'error'
        : category === ts.DiagnosticCategory.Warning
          ? 'warning'
          : 'info',
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    code: `ts(${code})`,
  }
}

function unique(diagnostics: Diagnostic[]): Diagnostic[] {
  const sorted = diagnostics.sort((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line || a.column - b.column,
  )
  const seen = new Set<string>()
  return sorted.filter(({ path, line, column, code, message }) => {
    const key = `${path}:${line}:${column}:${code}:${message}`
    return !seen.has(key) && seen.add(key)
  })
}
