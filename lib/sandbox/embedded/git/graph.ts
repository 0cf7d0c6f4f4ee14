export interface GraphEntry {
  oid: string
  parents: readonly string[]
  /** Its text; the star stands before the first line. */
  lines: readonly string[]
  /** Leaves a line free before it. */
  isSeparated: boolean
}

/** Draws `git log --graph`: a lane for each commit that is still expected, from left to right. */
export function createGraph() {
  const lanes: string[] = []

  /** The lines of one entry, with how its lanes split and join beside its text, or below when that is short. */
  function draw({ oid, parents, lines, isSeparated }: GraphEntry): string[] {
    const separator = row(() => '|')
    if (!lanes.includes(oid)) lanes.push(oid)
    const own = lanes.indexOf(oid)
    // A merge whose first parent is waited for on its left leans that way and needs no more room.
    const leansLeft =
      parents.length === 2 && own > 0 && lanes[own - 1] === parents[0] && !lanes.includes(parents[1] ?? '')
    const width = 2 * (parents.length === 0 || leansLeft ? lanes.length : lanes.length + parents.length - 1)
    const out = isSeparated ? [separator.padEnd(width)] : []
    const shapes = [row((lane) => (lane === own ? '*' : '|'))]
    const [first, ...others] = parents
    const rightOf = lanes.length - own - 1
    const last = `${'| '.repeat(own)}  ${'| '.repeat(rightOf)}`
    if (first === undefined) lanes.splice(own, 1)
    else lanes[own] = leansLeft ? (others[0] ?? first) : first
    if (leansLeft) shapes.push(`${'| '.repeat(own - 1)}|/|${' |'.repeat(rightOf)}`)
    else if (others.length > 0) {
      const head = '| '.repeat(own)
      const isKnown = others.length === 1 && lanes[own + 1] === others[0]
      if (isKnown) shapes.push(`${head}|\\|${' |'.repeat(rightOf - 1)}`)
      else {
        lanes.splice(own + 1, 0, ...others)
        shapes.push(`${head}|${'\\ '.repeat(others.length)}${'\\ '.repeat(rightOf)}`)
      }
    }
    shapes.push(...joinLanes())
    const below = first === undefined ? last : row(() => '|')
    for (let i = 0; i < Math.max(shapes.length, lines.length); i++) {
      out.push(`${(shapes[i] ?? below).padEnd(width)}${lines[i] ?? ''}`)
    }
    return out
  }

  /** A commit that two lanes wait for is waited for by the left one alone. */
  function joinLanes(): string[] {
    const out: string[] = []
    for (let from = 1; from < lanes.length; from++) {
      const to = lanes.indexOf(lanes[from] ?? '')
      if (to === from) continue
      const distance = from - to
      const right = lanes.length - from - 1
      if (distance === 1) out.push(`${'| '.repeat(to)}|/${' /'.repeat(right)}`)
      else {
        const bridge = distance === 2 ? '| ' : `| ${'|_'.repeat(distance - 2)}`
        out.push(`${'| '.repeat(to)}${bridge}|/${' /'.repeat(right)}`)
        out.push(`${'| '.repeat(to)}|/${'| '.repeat(distance - 1)}${'| '.repeat(right)}`)
      }
      lanes.splice(from, 1)
      from -= 1
    }
    return out
  }

  function row(cell: (lane: number) => string): string {
    return lanes.map((_, lane) => cell(lane)).join(' ')
  }

  return { draw }
}
