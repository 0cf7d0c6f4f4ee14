import { formatMoney } from './money'

export interface Item {
  name: string
  cents: number
}

export function invoice(items: Item[], currency: 'EUR' | 'USD'): string {
  const lines = items.map(({ name, cents }) => `${name}: ${formatMoney(cents, currency)}`)
  const sum = items.reduce((total, { cents }) => total + cents, 0)
  return [...lines, `Total: ${formatMoney(sum, currency)}`].join('\n')
}
