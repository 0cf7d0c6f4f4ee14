import { expect, test } from 'vitest'
import { codeOfWasm } from './wasm'

/** `(module (import "env" "base" (func (result i32))) (func (export "plus one") (result i32) call 0 i32.const 1 i32.add))` */
const bytes = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 2, 12, 1, 3, 101, 110, 118, 4, 98, 97, 115, 101, 0, 0, 3, 2, 1,
  0, 7, 12, 1, 8, 112, 108, 117, 115, 32, 111, 110, 101, 0, 1, 10, 9, 1, 7, 0, 16, 0, 65, 1, 106, 11,
])
const toUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`

test('a WebAssembly module imports and exports as an ES module', async () => {
  const code = codeOfWasm(bytes)
  expect(code).toContain('from "env"')
  const env = toUrl('export const base = () => 41')
  const module = await import(/* @vite-ignore */ toUrl(code.replace('"env"', JSON.stringify(env))))
  expect(module['plus one']()).toBe(42)
})

test('what is no WebAssembly is refused', () => {
  expect(() => codeOfWasm(Uint8Array.from([0, 97, 115, 109]))).toThrow(WebAssembly.CompileError)
})
