import { isAbsolute } from '../builtins/path'
import type { Refusal } from './resolve'

/** A place in a source file; 1-based. */
export interface SourcePlace {
  file: string
  line: number
  column: number
}

/** Turns an index into a text into a 1-based place. */
export function placeAt(file: string, text: string, index: number): SourcePlace {
  const before = text.slice(0, index)
  return { file, line: before.split('\n').length, column: index - before.lastIndexOf('\n') }
}

/**
 * An error that the loader reports for a line of the user's: its stack is that line,
 * not the loader's own frames.
 */
export function errorAt(error: Error, place: SourcePlace | null): Error {
  const header = `${error.name}: ${error.message}`
  const frame = place === null ? '' : `\n    at ${place.file}:${place.line}:${place.column}`
  Object.defineProperty(error, 'stack', { value: header + frame, writable: true, configurable: true })
  return error
}

interface NotFound {
  specifier: string
  importer: string
  /** How the missing module was asked for; decides the wording and the code. */
  kind: 'import' | 'require'
  /** What was looked for, in order, or the absolute path of a relative specifier. */
  looked: string
  hint: string | null
  /** What a package forbids. */
  refusal?: Refusal
  place: SourcePlace | null
}

export function moduleNotFound({ specifier, importer, kind, looked, hint, refusal, place }: NotFound): Error {
  if (refusal !== undefined) return errorAt(refused(refusal, kind === 'import' ? importer : null), place)
  const isPath = /^(?:\.|file:)/.test(specifier) || isAbsolute(specifier)
  const message =
    kind === 'require'
      ? `Cannot find module '${specifier}'\nRequire stack:\n- ${importer}`
      : isPath
        ? `Cannot find module '${looked}' imported from ${importer}`
        : `Cannot find package '${specifier}' imported from ${importer}`
  const error = new Error(hint === null ? message : `${message}\n${hint}`)
  Object.assign(error, { code: kind === 'require' ? 'MODULE_NOT_FOUND' : 'ERR_MODULE_NOT_FOUND' })
  return errorAt(error, place)
}

function refused({ code, message }: Refusal, importer: string | null): Error {
  const Base = /IMPORT_NOT_DEFINED|MODULE_SPECIFIER/.test(code) ? TypeError : Error
  return Object.assign(new Base(importer === null ? message : `${message} imported from ${importer}`), { code })
}

export function nodeError(code: string, message: string, Base: ErrorConstructor = Error): Error {
  const error = new Base(message)
  error.name = `${error.name} [${code}]`
  // The name shows in the stack once, as Node does it, then reads as before.
  void error.stack
  Reflect.deleteProperty(error, 'name')
  return Object.assign(error, { code })
}
