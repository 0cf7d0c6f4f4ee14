/** The commands of a sed script that need nothing behind them. */
const plainCommand = /[dDpPnNgGhHxz={}]/y
const withNumber = /[lqQ]\s*\d*/y
const withLabel = /[:btT]\s*[\w-]*(?=[\s;}]|$)/y
const withText = /[aic](?:\\\n|\s)?[^\n]*(?<=[^\\])(?=\n|$)/y
const flags = /[gpiIm\d]*(?=[\s;}#]|$)/y
const address = /\d+(?:~\d+)?|\$/y
const endOfRange = /[+~]\d+/y
const blanks = /[\s;]*/y
const comment = /#[^\n]*/y

/**
 * Whether a sed script only edits the text that it is given: it reads no file, writes none and starts nothing. Knows the
 * part of the language whose reading is beyond doubt.
 */
export function onlyEditsText(script: string): boolean {
  let at = 0
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(script)
    if (found) at = pattern.lastIndex
    return found !== null
  }
  /** Up to the next `mark`. Brackets that hold a mark, a bracket or a backslash are read one way by some and another by others. */
  const takeUpTo = (mark: string): boolean => {
    for (; at < script.length && script[at] !== '\n'; at++) {
      const character = script[at]
      if (character === mark) {
        at++
        return true
      }
      if (character === '\\') at++
      else if (character === '[') {
        const end = script.indexOf(']', at)
        const inside = script.slice(at + 1, end)
        if (end === -1 || /^\^?$|[[\\\n]/.test(inside) || inside.includes(mark)) return false
        at = end
      }
    }
    return false
  }
  const takeAddress = (): boolean => {
    if (script[at] !== '/') return take(address)
    at++
    return takeUpTo('/') && take(/[IM]*/y)
  }
  const takeSubstitution = (): boolean => {
    const mark = script[at + 1] ?? ''
    if (!/^[^\w\s\\;[\]]$/.test(mark)) return false
    const isTransliteration = script[at] === 'y'
    at += 2
    return takeUpTo(mark) && takeUpTo(mark) && (isTransliteration || take(flags))
  }
  for (take(blanks); at < script.length; take(blanks)) {
    if (take(comment)) continue
    if (/[\d$/]/.test(script[at] ?? '') && !takeAddress()) return false
    if (take(/\s*,\s*/y) && !take(endOfRange) && !takeAddress()) return false
    take(/\s*!?\s*/y)
    const isSubstitution = script[at] === 's' || script[at] === 'y'
    const isKnown = isSubstitution
      ? takeSubstitution()
      : take(plainCommand) || take(withNumber) || take(withLabel) || take(withText)
    if (!isKnown) return false
  }
  return true
}
