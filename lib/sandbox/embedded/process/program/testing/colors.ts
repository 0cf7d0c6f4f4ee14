export type Paint = (text: string) => string

export interface Colors {
  bold: Paint
  dim: Paint
  red: Paint
  green: Paint
  yellow: Paint
  cyan: Paint
  gray: Paint
  invert: Paint
}

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  gray: [90, 39],
  invert: [7, 27],
} as const

export function createColors(isOn: boolean): Colors {
  const paint =
    ([on, off]: readonly [number, number]): Paint =>
    (text) =>
      isOn ? `\u001b[${on}m${text}\u001b[${off}m` : text
  return Object.fromEntries(Object.entries(codes).map(([name, pair]) => [name, paint(pair)])) as unknown as Colors
}
