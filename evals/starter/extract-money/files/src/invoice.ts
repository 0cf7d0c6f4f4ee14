export interface Item {
  name: string
  cents: number
}

export function invoice(items: Item[], currency: 'EUR' | 'USD'): string {
  const lines = items.map(({ name, cents }) => {
    const whole = String(Math.floor(Math.abs(cents) / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
    const rest = String(Math.abs(cents) % 100).padStart(2, '0')
    const sign = cents < 0 ? '-' : ''
    return `${name}: ${sign}${currency === 'EUR' ? '€' : '$'}${whole}.${rest}`
  })
  const sum = items.reduce((total, { cents }) => total + cents, 0)
  const whole = String(Math.floor(Math.abs(sum) / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  const rest = String(Math.abs(sum) % 100).padStart(2, '0')
  const sign = sum < 0 ? '-' : ''
  return [...lines, `Total: ${sign}${currency === 'EUR' ? '€' : '$'}${whole}.${rest}`].join('\n')
}
