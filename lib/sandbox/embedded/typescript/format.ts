import type { Diagnostic } from '../../types'

/** What `tsc --pretty false` prints, with a count at the end; empty when there is nothing to say. Warnings do not fail a check. */
export function formatTscOutput(diagnostics: readonly Diagnostic[]): { output: string; exitCode: 0 | 2 } {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const lines = diagnostics.map(({ path, line, column, severity, code, message }) => {
    const name = code.replace(/^ts\((\d+)\)$/, 'TS$1')
    return `${path}(${line},${column}): ${severity === 'error' ? 'error' : 'warning'} ${name}: ${message}`
  })
  if (errors.length > 0) lines.push('', foundLine(errors))
  return { output: lines.length > 0 ? `${lines.join('\n')}\n` : '', exitCode: errors.length > 0 ? 2 : 0 }
}

function foundLine(errors: readonly Diagnostic[]): string {
  const files = new Set(errors.map(({ path }) => path)).size
  return `Found ${errors.length} error${errors.length === 1 ? '' : 's'} in ${files} file${files === 1 ? '' : 's'}.`
}
