const signs = { EUR: '€', USD: '$' }

export function formatMoney(cents: number, currency: 'EUR' | 'USD'): string {
  const whole = String(Math.floor(Math.abs(cents) / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  const rest = String(Math.abs(cents) % 100).padStart(2, '0')
  return `${cents < 0 ? '-' : ''}${signs[currency]}${whole}.${rest}`
}
