import { describe, expect, it } from 'vitest'
import type { SymbolFile } from '@/lib/sandbox'
import { projectMap } from './project-map'
import { symbolsIn } from './symbols'

const shop = new Map(
  Object.entries({
    'package.json': '{"imports":{"#money":"./src/money.ts"}}',
    'src/money.ts': 'export const cents = (n: number) => n\nexport function format(n: number) {}\nconst hidden = 1',
    'src/cart.ts': "import { cents } from '#money'\nexport interface Item {}\nexport function total() {}",
    'src/order.ts': "import { total } from './cart.js'\nimport { cents } from './money'\nexport class Order {}",
    'src/main.ts': "import { Order } from './order'\nnew Order()",
    'tests/order.test.ts': "import { Order } from '../src/order'\nexport const helper = 1",
    'node_modules/x/index.js': "export const no = require('../../src/order')",
  }),
)

describe('the project map', () => {
  it('names what others stand on first, with exports and importers', () => {
    expect(projectMap(shop)).toMatchInlineSnapshot(`
      "<environment-map>
      The files that others stand on, with their exports (read line by line); search finds the rest.
      src/money.ts (imported by 2): cents, format()
      src/order.ts (imported by 2): Order
      src/cart.ts (imported by 1): Item, total()
      </environment-map>
      "
    `)
  })

  it('goes by what is used, with signatures, where TypeScript knows the files', () => {
    const symbol = (signature: string, usedIn: number) => ({
      name: signature,
      kind: 'function' as const,
      line: 1,
      signature,
      usedIn,
    })
    const known = new Map<string, SymbolFile>(
      [
        {
          path: 'src/money.ts',
          symbols: [symbol('format(n: number): void', 0), symbol('cents(n: number): number', 2)],
          uses: [],
        },
        { path: 'src/cart.ts', symbols: [symbol('total(): void', 9)], uses: [['src/money.ts', 1]] },
        {
          path: 'src/order.ts',
          symbols: [symbol('Order', 1)],
          uses: [
            ['src/cart.ts', 25],
            ['src/money.ts', 1],
          ],
        },
        { path: 'src/main.ts', symbols: [], uses: [['src/cart.ts', 16]] },
      ].map((file) => [file.path, file as SymbolFile]),
    )
    expect(projectMap(shop, { known })).toMatchInlineSnapshot(`
      "<environment-map>
      The files that others stand on, with their exports (from TypeScript, the rest read line by line); search finds the rest.
      src/money.ts (imported by 2): cents(n: number): number, format(n: number): void
      src/cart.ts (imported by 2): total(): void
      src/order.ts (imported by 2): Order
      </environment-map>
      "
    `)
  })

  it('moves what the user is at up', () => {
    const many = new Map(shop)
    for (let n = 0; n < 9; n++) many.set(`src/w${n}.ts`, `import './money'\nexport const w${n} = 1`)
    const place = (map: string) => map.split('\n').findIndex((line) => line.startsWith('src/w3.ts'))
    expect(place(projectMap(many, { focus: ['src/w3.ts'] }))).toBeLessThan(place(projectMap(many)))
  })

  it('keeps within its budget of tokens', () => {
    const many = new Map(Array.from({ length: 400 }, (_, n) => [`src/module-${n}.ts`, `export const value${n} = ${n}`]))
    for (const maxTokens of [100, 1000]) {
      const map = projectMap(many, { maxTokens })
      expect(map.length).toBeLessThanOrEqual(maxTokens * 4)
      expect(map.length).toBeGreaterThan(maxTokens * 4 - 60)
    }
  })

  it('is the same for the same files in any order', () => {
    expect(projectMap(new Map([...shop].reverse()))).toBe(projectMap(shop))
  })

  it('is left out where there is nothing to map', () => {
    expect(projectMap(new Map([['README.md', '# x']]))).toBe('')
    expect(projectMap(new Map([['a.ts', 'export const a = 1']]))).toBe('')
  })

  it('takes 1,000 files in half a second', () => {
    const many = new Map(
      Array.from({ length: 1000 }, (_, n) => [
        `src/m${n}.ts`,
        `import { f } from './m${(n * 7) % 1000}'\nimport './m${(n * 13) % 1000}'\n${'const x = 1\n'.repeat(80)}export const v${n} = 1`,
      ]),
    )
    const startedAt = performance.now()
    projectMap(many)
    expect(performance.now() - startedAt).toBeLessThan(1500)
  })
})

describe('symbolsIn', () => {
  it.each([
    ['export default async function load() {}', 'load function exported'],
    ['export abstract class Shape {', 'Shape class exported'],
    ['export type Id = string', 'Id type exported'],
    ['const local = 1', 'local value'],
    ['exports.run = () => 1', 'run value exported'],
  ])('reads %s', (line, expected) => {
    const [symbol] = symbolsIn('a.ts', `// first\n${line}\n`)
    expect(symbol && [symbol.name, symbol.kind, ...(symbol.exported ? ['exported'] : [])].join(' ')).toBe(expected)
    expect(symbol?.line).toBe(2)
  })

  it('reads lists of exports', () => {
    const symbols = symbolsIn(
      'a.ts',
      "const a = 1\nexport { a, b as c, type D } from './x'\nexport { default } from './y'",
    )
    expect(symbols.map(({ name, line, exported }) => [name, line, exported])).toEqual([
      ['a', 1, true],
      ['c', 2, true],
      ['D', 2, true],
    ])
  })

  it('reads Python', () => {
    const symbols = symbolsIn(
      'a.py',
      'class Cart:\n    def add(self): pass\nasync def load(): pass\ndef _private(): pass\n',
    )
    expect(symbols.map(({ name, exported }) => [name, exported])).toEqual([
      ['Cart', true],
      ['load', true],
      ['_private', false],
    ])
  })
})
