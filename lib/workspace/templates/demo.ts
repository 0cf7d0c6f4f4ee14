import type { Template } from './types'
import { typescriptFiles } from './typescript-project'

// Two bugs, one a file: `formatCents` drops the leading zero of the cents, `applyDiscount` forgets the percent.
// Two of the six tests fail until both are mended; mending one leaves one.
export const demo: Template = {
  name: 'demo',
  title: 'Café receipt',
  description: 'A small TypeScript project with failing tests, for a first turn with the agent.',
  icon: 'flask-conical',
  openFile: 'src/receipt.ts',
  files: {
    'README.md': `# Café receipt

Prints the receipt of a small café.

- \`src/money.ts\` turns cents into text.
- \`src/receipt.ts\` adds up the order, takes the discount off, and prints it.

Run it with \`node src/main.ts\`, test it with \`npm test\`. Two tests fail: ask the agent to find out why.
`,
    ...typescriptFiles('cafe-receipt'),
    'src/main.ts': `import { type Order, printReceipt } from './receipt.ts'

const order: Order = {
  items: [
    { name: 'Espresso', cents: 280, quantity: 2 },
    { name: 'Cinnamon roll', cents: 405, quantity: 1 },
    { name: 'Orange juice', cents: 350, quantity: 1 },
  ],
  discountPercent: 10,
}

console.log(printReceipt(order))
`,
    'src/money.ts': `/** Turns an amount of cents into text: 1205 becomes "12.05". */
export function formatCents(cents: number): string {
  const euros = Math.floor(cents / 100)
  const rest = cents % 100
  return \`\${euros}.\${rest}\`
}
`,
    'src/money.test.ts': `import { describe, expect, it } from 'vitest'
import { formatCents } from './money.ts'

describe('formatCents', () => {
  it('puts a point between euros and cents', () => {
    expect(formatCents(1250)).toBe('12.50')
  })

  it('keeps the zero of small cents', () => {
    expect(formatCents(1205)).toBe('12.05')
  })
})
`,
    'src/receipt.ts': `import { formatCents } from './money.ts'

export interface Item {
  name: string
  cents: number
  quantity: number
}

export interface Order {
  items: Item[]
  discountPercent: number
}

/** What the items cost together, before any discount. */
export function subtotal(items: Item[]): number {
  return items.reduce((sum, item) => sum + item.cents * item.quantity, 0)
}

/** Takes a percentage off and rounds to whole cents. */
export function applyDiscount(cents: number, percent: number): number {
  return Math.round(cents - percent)
}

export function total(order: Order): number {
  return applyDiscount(subtotal(order.items), order.discountPercent)
}

const width = 28

function line(label: string, cents: number): string {
  const amount = formatCents(cents)
  return label + amount.padStart(width - label.length)
}

export function printReceipt(order: Order): string {
  const rows = order.items.map((item) => line(\`\${item.quantity} x \${item.name}\`, item.cents * item.quantity))
  return [...rows, '-'.repeat(width), line('Total', total(order))].join('\\n')
}
`,
    'src/receipt.test.ts': `import { describe, expect, it } from 'vitest'
import { applyDiscount, type Order, printReceipt, subtotal, total } from './receipt.ts'

const order: Order = {
  items: [
    { name: 'Espresso', cents: 250, quantity: 2 },
    { name: 'Cake', cents: 350, quantity: 1 },
  ],
  discountPercent: 10,
}

describe('receipt', () => {
  it('adds up quantities and prices', () => {
    expect(subtotal(order.items)).toBe(850)
  })

  it('charges the full price without a discount', () => {
    expect(applyDiscount(850, 0)).toBe(850)
  })

  it('takes ten percent off the total', () => {
    expect(total(order)).toBe(765)
  })

  it('prints one line an item, a rule and the total', () => {
    expect(printReceipt({ ...order, discountPercent: 0 }).split('\\n')).toHaveLength(4)
  })
})
`,
  },
}
