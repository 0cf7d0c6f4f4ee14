/** What a previewed page looks like, from where it is scrolled to downwards. Drawn by the page itself: untrusted. */
export interface PagePicture {
  /** A PNG as `data:` address, with sides and length within the limits below. */
  dataUrl: string
  width: number
  height: number
  /** CSS pixels of the part that is shown, before it was made to fit, and of the whole page. */
  shown: { width: number; height: number }
  page: { width: number; height: number }
  /** The page has more elements than were drawn. */
  isCut: boolean
}

/** Pixels of the longer side: models look at no more. */
export const maxPictureSide = 1568
/** Of the `data:` address; a conversation with several pictures has to fit into one request. */
export const maxPictureCharacters = 240_000
/** CSS pixels that a page may claim to have. */
const maxPageSide = 10_000_000

const prefix = 'data:image/png;base64,'
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Signature, then the header chunk: length, name, width, height. */
const headerBytes = 24

/** The picture when `value` is one: a PNG whose own header keeps to the limits. Its pixels can be anything. */
export function readPicture(value: unknown): PagePicture | null {
  if (typeof value !== 'object' || value === null) return null
  const { dataUrl, shown, page, isCut } = value as Partial<Record<string, unknown>>
  const size = typeof dataUrl === 'string' ? pngSize(dataUrl) : null
  if (typeof dataUrl !== 'string' || size === null) return null
  return { dataUrl, ...size, shown: readSides(shown), page: readSides(page), isCut: isCut === true }
}

/** Pixels of a PNG as `data:` address; null when it is none, or too large. */
export function pngSize(dataUrl: string): { width: number; height: number } | null {
  if (dataUrl.length > maxPictureCharacters || !dataUrl.startsWith(prefix)) return null
  const base64 = dataUrl.slice(prefix.length)
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null
  const bytes = Uint8Array.from(atob(base64.slice(0, (headerBytes / 3) * 4)), (character) => character.charCodeAt(0))
  if (bytes.length < headerBytes || signature.some((byte, index) => bytes[index] !== byte)) return null
  const header = new DataView(bytes.buffer)
  const isHeader = header.getUint32(8) === 13 && header.getUint32(12) === 0x49484452
  const [width, height] = [header.getUint32(16), header.getUint32(20)]
  const isBounded = Math.min(width, height) > 0 && Math.max(width, height) <= maxPictureSide
  return isHeader && isBounded ? { width, height } : null
}

function readSides(value: unknown): { width: number; height: number } {
  const { width, height } = Object(value) as Partial<Record<string, unknown>>
  return { width: readSide(width), height: readSide(height) }
}

function readSide(value: unknown): number {
  const side = typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : 0
  return Math.min(maxPageSide, Math.max(0, side))
}
