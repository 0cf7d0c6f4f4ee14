/** How far a link travels: chat programs and mail cut long ones, browsers take 2 MB. */
export type LinkSize = 'anywhere' | 'most-places' | 'browsers-only'

export interface ShareLink {
  url: string
  /** Characters; every character of a link is one byte. */
  length: number
  size: LinkSize
  /** A sentence for the copy button; a warning when `size` is `browsers-only`. */
  note: string
}

const anywhereLength = 8 * 1024
const mostPlacesLength = 32 * 1024

const notes: Record<LinkSize, string> = {
  anywhere: 'Pastes anywhere.',
  'most-places': 'Pastes in most places; some chat programs may cut it.',
  'browsers-only': 'Too long for chat and mail, which would cut it. Open it straight in a browser, or send a .zip.',
}

/** `encoded` comes from `encodeProject`; the part after `#` never reaches a server. */
export function createShareLink(origin: string, encoded: string): ShareLink {
  const url = `${origin.replace(/\/$/, '')}/open#${encoded}`
  const size =
    url.length <= anywhereLength ? 'anywhere' : url.length <= mostPlacesLength ? 'most-places' : 'browsers-only'
  return { url, length: url.length, size, note: notes[size] }
}

/**
 * The encoded project of a location hash or a pasted link, ready for `decodeProject`; null when there is none.
 * Mends what mail and chat do to links: percent-encoding, line breaks, and a closing bracket, quote or full stop.
 */
export function parseShareHash(hash: string): string | null {
  const unescaped = hash.includes('%') ? percentDecoded(hash) : hash
  return /(?:^|#)(v\d+\.[\w-]+)/.exec(unescaped.replace(/\s+/g, ''))?.[1] ?? null
}

function percentDecoded(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
