export type Paint = Record<'red' | 'green' | 'yellow' | 'cyan' | 'bold' | 'blue', (text: string) => string>

/** Colours for a terminal, or none. */
export function createPaint(hasColors: boolean): Paint {
  const wrap = (code: number) => (text: string) => (hasColors && text !== '' ? `\x1b[${code}m${text}\x1b[m` : text)
  return { red: wrap(31), green: wrap(32), yellow: wrap(33), blue: wrap(34), cyan: wrap(36), bold: wrap(1) }
}
