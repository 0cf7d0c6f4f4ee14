/**
 * A `$` in arithmetic that begins nothing (`$((1 + $))`, `${x:$}`, `a[$]=1`), with what it stands in; null for a script
 * without one. just-bash would read such a script for ever.
 */
export function strayDollar(script: string): string | null {
  let isDouble = false
  for (let at = 0; at < script.length; at++) {
    const char = script[at]
    if (char === '\\') at++
    else if (char === '"') isDouble = !isDouble
    else if (char === "'" && !isDouble) {
      const end = script.indexOf("'", at + 1)
      if (end === -1) return null
      at = end
    } else if (char === '#' && !isDouble && /[\s;]|^$/.test(script[at - 1] ?? '')) {
      const end = script.indexOf('\n', at)
      if (end === -1) return null
      at = end
    } else {
      const inside = arithmeticAt(script, at, isDouble)
      if (inside !== null && stray.test(inside.replaceAll(/\\./g, ''))) return inside.trim()
    }
  }
  return null
}

const stray = /\$(?![\w{(@*#?$!'[-])/

/** The arithmetic that begins here: of `((…))`, of an offset `${x:…}`, of the index of an array. */
function arithmeticAt(script: string, at: number, isDouble: boolean): string | null {
  if (script.startsWith('((', at) && (!isDouble || script[at - 1] === '$')) return balanced(script, at + 1, '(', ')')
  const offset = /\$\{[A-Za-z_]\w*(?:\[[^\]]*\])?:(?![-+?=])/y
  offset.lastIndex = at
  const found = offset.exec(script)
  if (found) return balanced(script, at + 1, '{', '}')?.slice(found[0].length - 2) ?? null
  if (isDouble || !/(?:^|[\s;&|(])$/.test(script.slice(Math.max(0, at - 1), at))) return null
  const index = /[A-Za-z_]\w*\[([^\]]*)\]\+?=/y
  index.lastIndex = at
  return index.exec(script)?.[1] ?? null
}

/** What stands between the bracket at `at` and its partner; up to the end without one. */
function balanced(script: string, at: number, open: string, close: string): string {
  let depth = 0
  for (let end = at; end < script.length; end++) {
    if (script[end] === open) depth++
    else if (script[end] === close && --depth === 0) return script.slice(at + 1, end)
  }
  return script.slice(at + 1)
}
