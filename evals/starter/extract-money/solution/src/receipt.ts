import { formatMoney } from './money'

export function receipt(paid: number, price: number, currency: 'EUR' | 'USD'): string {
  return `Paid ${formatMoney(paid, currency)}, change ${formatMoney(paid - price, currency)}`
}
