/** A small project for the gallery: two modules, their tests, a page. */
export const sampleFiles: Record<string, string> = {
  'README.md':
    '# Shopping cart\n\nPrices, discounts and totals for a small shop.\n\n- `src/cart.ts` adds up items\n- `src/discount.ts` takes percentages off\n\nRun `npm test` in the terminal.\n',
  'package.json': `${JSON.stringify({ name: 'shopping-cart', type: 'module', scripts: { test: 'vitest run' } }, null, 2)}\n`,
  'tsconfig.json': `${JSON.stringify({ compilerOptions: { strict: true, target: 'ES2022', module: 'ESNext' } }, null, 2)}\n`,
  'index.html':
    '<!doctype html>\n<html lang="en">\n  <title>Shopping cart</title>\n  <link rel="stylesheet" href="src/page/style.css" />\n  <h1>Shopping cart</h1>\n  <p id="total"></p>\n</html>\n',
  'src/cart.ts': `import { applyDiscount } from './discount'

/** One line of the cart; prices are in cents. */
export interface Item {
  name: string
  price: number
  quantity: number
}

export function subtotal(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + item.price * item.quantity, 0)
}

/** What has to be paid, after the discount. */
export function total(items: readonly Item[], percentOff = 0): number {
  return applyDiscount(subtotal(items), percentOff)
}

export function describeCart(items: readonly Item[]): string {
  const count = items.reduce((sum, item) => sum + item.quantity, 0)
  return \`\${count} items, \${(total(items) / 100).toFixed(2)} €\`
}
`,
  'src/discount.ts': `/** Takes a percentage off an amount in cents; rounds to whole cents. */
export function applyDiscount(amount: number, percentOff: number): number {
  if (percentOff < 0 || percentOff > 100) throw new RangeError('percentOff must be between 0 and 100')
  return Math.round(amount * (1 - percentOff / 100))
}
`,
  'src/main.ts': `import { describeCart, type Item } from './cart'

const items: Item[] = [
  { name: 'Notebook', price: 450, quantity: 2 },
  { name: 'Pencil', price: 120, quantity: '3' },
]

console.log(describeCart(items))
`,
  'src/page/style.css': 'body {\n  font: 16px/1.5 system-ui;\n  margin: 3rem auto;\n  max-width: 40rem;\n}\n',
  'tests/cart.test.ts': `import { describe, expect, it } from 'vitest'
import { subtotal, total } from '../src/cart'

const items = [{ name: 'Notebook', price: 450, quantity: 2 }]

describe('cart', () => {
  it('multiplies price by quantity', () => {
    expect(subtotal(items)).toBe(900)
  })

  it('takes the discount off the total', () => {
    expect(total(items, 10)).toBe(810)
  })

  it('charges nothing for an empty cart', () => {
    expect(total([])).toBe(0)
  })
})
`,
  'tests/discount.test.ts': `import { expect, it } from 'vitest'
import { applyDiscount } from '../src/discount'

it('rounds to whole cents', () => {
  expect(applyDiscount(999, 15)).toBe(849)
})
`,
}
