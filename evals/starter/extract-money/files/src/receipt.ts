export function receipt(paid: number, price: number, currency: 'EUR' | 'USD'): string {
  return `Paid ${money(paid, currency)}, change ${money(paid - price, currency)}`
}

function money(cents: number, currency: 'EUR' | 'USD'): string {
  let text = (Math.abs(cents) / 100).toFixed(2)
  for (let at = text.length - 6; at > 0; at -= 3) text = `${text.slice(0, at)},${text.slice(at)}`
  if (currency === 'EUR') text = `€${text}`
  else text = `$${text}`
  return cents < 0 ? `-${text}` : text
}
