import { scriptName } from './script-names'

/** A frame as V8's stack trace API gives it, as far as another engine tells. */
export interface ForeignFrame {
  functionName: string | null
  file: string | null
  line: number | null
  column: number | null
  isAsync: boolean
}

/** WebAssembly has no lines: `add@blob:…:wasm-function[3]:0x1a` in Firefox, `add@[wasm code]` in Safari. */
const frame = /^([^@]*)@(?:(.+):(\d+):(\d+)|.+:wasm-function\[\d+\]:0x[\da-f]+|\[(?:native|wasm) code\])?$/
/** What engines call code that is in no function. */
const nameless = /^(?:(?:global|module|eval) code|anonymous|)$/

/**
 * The frames of a stack of Firefox or Safari, whose lines are `name@file:line:column`; none of a text that is no such
 * stack. Firefox names a function by where it stands (`outer/inner`, `outer/<` for one without a name) and puts what an
 * asynchronous frame waited for before a `*`.
 */
export function foreignFrames(stack: string): ForeignFrame[] {
  const lines = stack.split('\n').filter((line) => line !== '')
  if (!lines.every((line) => frame.test(line))) return []
  return lines.map(toFrame).filter(({ functionName, file }) => functionName !== null || file !== null)
}

function toFrame(text: string): ForeignFrame {
  const [, name = '', url, line, column] = frame.exec(text) ?? []
  const ownName = name.replace(/^.*[*/]/, '')
  return {
    functionName: nameless.test(ownName) || ownName.endsWith('<') ? null : ownName,
    file: url === undefined ? null : scriptName(url),
    line: line === undefined ? null : Number(line),
    column: column === undefined ? null : Number(column),
    isAsync: name.includes('*'),
  }
}

/** The frame as V8 writes it after `at `. */
export function foreignFrameText({ functionName, file, line, column, isAsync }: ForeignFrame): string {
  const place = file === null ? '<anonymous>' : `${file}:${line}:${column}`
  if (functionName === null) return place
  return `${isAsync ? 'async ' : ''}${functionName} (${place})`
}
