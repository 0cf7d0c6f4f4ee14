import { transform } from 'sucrase'
import { expect, test } from 'vitest'
import { endBareFields } from './field-ends'

const strip = (text: string) =>
  endBareFields(text, transform(text, { transforms: ['typescript'], disableESTransforms: true }).code)

test('fields named like a modifier end where their type was', () => {
  const code = strip(`class Api {
  get!: string
  post!: string
  static?: number // of them
  readonly async: { a: 1 }
  static set: number
  accessor: Set<
    number
  > = new Set()
  text = \`
  get
  get: x\`
}`)
  const Api = new Function(`${code}\nreturn Api`)() as new () => object
  expect(Object.keys(new Api())).toEqual(['get', 'post', 'static', 'async', 'accessor', 'text'])
  expect(Object.hasOwn(Api, 'set')).toBe(true)
  expect(Reflect.get(new Api(), 'text')).toBe('\n  get\n  get: x')
})

test('what is no field stays as it is', () => {
  for (const code of ['const a = {\n  get: 1,\n  set: 2\n}', 'a.\n  get\n  ()', 'switch (a) {\n  default:\n    get\n}'])
    expect(strip(code)).toBe(code)
})
