import { beforeAll, expect, test, vi } from 'vitest'
import { readLibFiles } from './bundle.mjs'
import { createProjectChecker } from './project-checker'

// The first look parses a megabyte of declarations.
vi.setConfig({ testTimeout: 60_000 })

let libFiles: Record<string, string> = {}
beforeAll(async () => {
  libFiles = await readLibFiles()
})

function symbolsOf(files: Record<string, string>) {
  const checker = createProjectChecker(libFiles)
  checker.update(Object.entries(files), true)
  return new Map(checker.symbols().map((file) => [file.path, file]))
}

const shop = {
  'src/money.ts':
    'export const cents = (n: number): number => Math.round(n * 100)\nexport default function format(n: number) {\n  return String(n)\n}\nexport const limit = 3\nconst hidden = 1\n',
  'src/cart.ts':
    "import show, { cents as c } from './money.js'\nexport interface Item { price: number }\nexport class Cart {}\nexport function total(items: Item[], rate = 1) {\n  return show(c(1) + c(2) + items.length * rate)\n}\n",
  'src/index.ts': "export { total } from './cart'\nexport * from './money'\n",
  'src/main.ts': "import * as all from './money'\nimport { total } from './index'\ntotal([])\nall.cents(all.limit)\n",
  'src/page.tsx': "import { Cart } from './cart'\nexport const page = { cart: Cart }\n",
}

test('what a file exports comes with its signature and how many files use it', () => {
  const found = symbolsOf(shop)
  expect(found.get('src/money.ts')?.symbols).toEqual([
    { name: 'cents', kind: 'function', line: 1, signature: 'cents(n: number): number', usedIn: 2 },
    { name: 'format', kind: 'function', line: 2, signature: 'format(n: number): string', usedIn: 1 },
    { name: 'limit', kind: 'value', line: 5, signature: 'limit: 3', usedIn: 1 },
  ])
  expect(
    found.get('src/cart.ts')?.symbols.map(({ kind, signature, usedIn }) => `${kind} ${signature} ${usedIn}`),
  ).toEqual(['type Item 0', 'class Cart 1', 'function total(items: Item[], rate?: number): string 2'])
})

test('renamed, default, re-exported and namespace imports count for the file that defines them', () => {
  const found = symbolsOf(shop)
  expect(found.get('src/cart.ts')?.uses).toEqual([['src/money.ts', 3]])
  expect(found.get('src/main.ts')?.uses).toEqual(
    expect.arrayContaining([
      ['src/cart.ts', 1],
      ['src/money.ts', 2],
    ]),
  )
  expect(found.get('src/index.ts')).toMatchObject({ symbols: [], uses: expect.arrayContaining([['src/cart.ts', 1]]) })
  expect(found.get('src/page.tsx')?.uses).toEqual([['src/cart.ts', 1]])
})

test('broken files, missing imports and packages do no harm', () => {
  const found = symbolsOf({
    'a.ts':
      "import { gone } from './gone'\nimport x from 'nowhere'\nexport const broken = (\nexport function f(: ) {\ngone(x)\n",
    'node_modules/p/index.d.ts': 'export const p: number\n',
    'b.ts': "import { p } from 'p'\nexport const q = p\n",
  })
  expect([...found.keys()].sort()).toEqual(['a.ts', 'b.ts'])
  expect(found.get('b.ts')?.uses).toEqual([])
})

test('long signatures give way to the name', () => {
  const names = Array.from({ length: 30 }, (_, index) => `argument${index}: string`).join(', ')
  const found = symbolsOf({
    'a.ts': `export function many(${names}) {}\nexport const data = { ${names.replaceAll(': string', ': 1')} }\n`,
  })
  expect(found.get('a.ts')?.symbols.map(({ signature }) => signature)).toEqual(['many()', 'data'])
})
