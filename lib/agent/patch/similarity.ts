/** How alike two lines are, 0 to 1, by shared pairs of characters (Sørensen–Dice); outer spaces do not count. */
export function similarity(a: string, b: string): number {
  const left = a.trim()
  const right = b.trim()
  if (left === right) return 1
  if (left.length < 2 || right.length < 2) return 0
  const pairs = new Map<string, number>()
  for (let at = 0; at + 1 < left.length; at++) {
    const pair = left.slice(at, at + 2)
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  let shared = 0
  for (let at = 0; at + 1 < right.length; at++) {
    const pair = right.slice(at, at + 2)
    const left = pairs.get(pair) ?? 0
    if (left === 0) continue
    pairs.set(pair, left - 1)
    shared += 1
  }
  return (2 * shared) / (left.length + right.length - 2)
}
