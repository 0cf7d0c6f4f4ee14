import { deserialize, serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { ValueReader } from './reader'
import { ValueWriter } from './writer'

function write(value: unknown): Uint8Array {
  const refuse = () => {
    throw new Error('not here')
  }
  const writer = new ValueWriter({ host: refuse, sharedBufferId: refuse, cloneError: (message) => new Error(message) })
  writer.header()
  writer.value(value)
  return writer.release()
}

function read(bytes: Uint8Array): unknown {
  const refuse = () => {
    throw new Error('not here')
  }
  const reader = new ValueReader(bytes, { host: refuse, sharedBuffer: refuse })
  reader.header()
  return reader.value()
}

const shared = { same: true }
const cyclic: Record<string, unknown> = { name: 'c' }
cyclic.self = cyclic
// biome-ignore lint/suspicious/noSparseArray: holes are what this is about
const holes = [1, , 3]
const values: [string, unknown][] = [
  ['primitives', [undefined, null, true, false, 0, -0, 1, -1, 2 ** 31, -(2 ** 40), 1.5, Number.NaN, 10n, -(2n ** 70n)]],
  ['texts', ['', 'plain', 'é', '€uro', 'x€', '😀'.repeat(50), '\ud800€', '\udc00']],
  ['objects', { a: 1, 5: 'five', nested: { b: [] } }],
  ['arrays', [holes, [1, [2, [3]]], Object.assign([1], { extra: true })]],
  ['collections', [new Map<unknown, unknown>([[1, new Set(['x'])]]), new Set([1, 2])]],
  ['dates and expressions', [new Date(1e12), /a\/b/gi]],
  ['boxed values', [Object(1), Object('s'), Object(true), Object(5n)]],
  ['the same object twice', [shared, shared]],
  ['a cycle', cyclic],
]

describe('values in V8’s format', () => {
  it.each(values)('are read by Node as they were written: %s', (_, value) => {
    expect(deserialize(write(value))).toEqual(value)
  })

  it.each(values)('are read here as Node wrote them: %s', (_, value) => {
    expect(read(serialize(value))).toEqual(value)
  })

  it('keep views on one buffer together', () => {
    const buffer = new ArrayBuffer(8)
    const views = [new Uint8Array(buffer, 2, 4), new Float64Array(buffer), new DataView(buffer)] as const
    const copies = read(write(views)) as typeof views
    copies[1][0] = 1
    expect(copies.map((view) => [view.constructor.name, view.byteOffset, view.byteLength])).toEqual(
      views.map((view) => [view.constructor.name, view.byteOffset, view.byteLength]),
    )
    expect(copies[0].buffer).toBe(copies[1].buffer)
  })

  it('keep what an error was', () => {
    const error = read(write(new RangeError('too far', { cause: 1 }))) as RangeError
    expect([error instanceof RangeError, error.message, error.cause, typeof error.stack]).toEqual([
      true,
      'too far',
      1,
      'string',
    ])
  })

  it('give an error no stack that it did not have', () => {
    const error = Object.assign(new Error('none'), { stack: undefined })
    expect([(read(write(error)) as Error).stack, (read(serialize(error)) as Error).stack]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('refuse functions and broken bytes', () => {
    expect(() => write(() => 1)).toThrow(/could not be cloned/)
    expect(() => read(new Uint8Array([255, 15, 73]))).toThrow(/Unable to deserialize/)
  })
})
