import { maskFindings, type SecretFinding, scanSecrets } from './scan-secrets'

export interface SecretHoldback {
  /** Takes the next piece and returns what may be shown now. */
  push(delta: string): string
  /** Returns the rest. The filter can be used again for another text afterwards. */
  flush(): string
  /** Rules that were masked since the start or the last flush. */
  masked(): string[]
}

/** Text before the held part that a rule may need to see, such as `apiKey = "`. */
const contextChars = 512
/** With the whole of the word that it begins in, if that is a long one. */
const maxContextChars = 4_096
/** Held text is scanned again after it grew by this much, or by an eighth when it is long: keeps the cost linear. */
const minGrowth = 24
/** From `-----BEGIN` on, a private key is recognised within this many characters. */
const keyHeadChars = 160

/**
 * Masks secrets in a text that arrives in pieces. A secret is one word (keys in PEM blocks apart), so words are shown
 * once they are complete; an open word stays back up to `holdChars`, and one that is a secret so far until it ends.
 * Whatever the pieces, the pieces joined are `maskSecrets` of the whole.
 */
export function createSecretHoldback({ holdChars = 256 }: { holdChars?: number } = {}): SecretHoldback {
  let context = ''
  let held = ''
  let scannedLength = 0
  const rules: string[] = []

  const release = (final: boolean): string => {
    const start = context.length
    const text = context + held
    const findings = scanSecrets(text).filter((finding) => finding.start >= start)
    let cut = final ? text.length : Math.max(start, text.length - holdChars, lastWordEnd(text))
    // A secret that reaches the edge may still grow: it waits as a whole.
    const growing = final ? undefined : findings.find((finding) => finding.start < cut && mayGrow(finding, text, cut))
    if (growing) cut = growing.start
    if (!final) cut = Math.max(start, Math.min(cut, openKeyBlock(text, start)))
    cut = wholeCharacter(text, cut)
    const done = findings.filter((finding) => finding.end <= cut)
    rules.push(...done.map((finding) => finding.rule))
    const shown = maskFindings(
      text.slice(start, cut),
      done.map((finding) => ({ ...finding, start: finding.start - start, end: finding.end - start })),
    )
    context = text.slice(contextStart(text, cut), cut)
    held = text.slice(cut)
    scannedLength = held.length
    return shown
  }

  return {
    push(delta) {
      held += delta
      const growth = held.length - scannedLength
      const isDue = growth >= Math.max(minGrowth, held.length / 8)
      return isDue ? release(false) : ''
    },
    flush() {
      const rest = release(true)
      context = ''
      scannedLength = 0
      return rest
    },
    masked: () => rules.splice(0),
  }
}

function mayGrow({ rule, end }: SecretFinding, text: string, cut: number): boolean {
  // The closing line of a key has blanks of its own.
  const isOpenKey = rule === 'private-key' && !text.slice(0, end).endsWith('-----')
  return end >= cut || (isOpenKey && text.length - end < keyHeadChars)
}

function lastWordEnd(text: string): number {
  return text.length - (/\S*$/.exec(text)?.[0].length ?? 0)
}

/** Where a PEM header stands whose key is still too short to be told; the only secret that begins with words. */
function openKeyBlock(text: string, start: number): number {
  const header = text.lastIndexOf('-----BEGIN')
  return header >= start && text.length - header < keyHeadChars ? header : text.length
}

/** Starts the context at the beginning of a word, as far as it goes: no rule is to see the second half of one as a word. */
function contextStart(text: string, cut: number): number {
  const wanted = Math.max(0, cut - contextChars)
  const earliest = Math.max(0, cut - maxContextChars)
  const wordStart = lastWordEnd(text.slice(0, wanted))
  return Math.max(earliest, wordStart)
}

/** Never splits a surrogate pair. */
function wholeCharacter(text: string, cut: number): number {
  const code = text.charCodeAt(cut - 1)
  return cut < text.length && code >= 0xd800 && code <= 0xdbff ? cut - 1 : cut
}
