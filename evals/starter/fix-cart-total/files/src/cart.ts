export interface Line {
  name: string
  /** Cents. */
  price: number
  quantity: number
}

export interface Voucher {
  kind: 'percent' | 'amount'
  /** Percent, or cents. */
  value: number
}

/** Cents that the customer pays: all lines, less the voucher. */
export function total(lines: Line[], voucher?: Voucher): number {
  let sum = 0
  for (const line of lines) {
    sum += line.price
  }
  if (voucher?.kind === 'percent') sum -= Math.floor((sum * voucher.value) / 100)
  if (voucher?.kind === 'amount') sum -= voucher.value
  return sum
}
