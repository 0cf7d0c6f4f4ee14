import { transform } from 'sucrase'
import { expect, it } from 'vitest'
import { hidePrivateNames, showPrivateNames } from './private-names'

const toCommonJs = (code: string) =>
  showPrivateNames(
    transform(hidePrivateNames(code), { transforms: ['imports', 'jsx'], production: true, disableESTransforms: true })
      .code,
  )

it('keeps an export apart from private members of its name', () => {
  const code = toCommonJs(`
    let n = 0
    class Counter { #n = 1; #Counter = 2; set(n) { this.#n = n; this.#n += 1; this.#n++; return this.#n + this.#Counter } }
    export { n, Counter }`)
  const exports: { n?: number; Counter?: new () => { set(n: number): number } } = {}
  new Function('exports', code)(exports)
  expect(exports.n).toBe(0)
  expect(exports.Counter && new exports.Counter().set(5)).toBe(9)
  expect(exports.n).toBe(0)
})

it('tells names of all letters apart', () => {
  const code = toCommonJs(
    'export let größe = 1, été = 2\nclass A { #größe = 3; #été = 4; sum = (this.#größe += 1) + (this.#été = 5) }',
  )
  expect(code).toContain('(this.#größe += 1) + (this.#été = 5)')
})

it('leaves texts as they are', () => {
  expect(toCommonJs(`const color = '#fff', url = \`/a#b\`, entity = <p title="#1">&#x41; #2</p>`)).toContain(
    `const color = '#fff', url = \`/a#b\`, entity = React.createElement('p', { title: "#1",}, "A #2" )`,
  )
})
