import { describe, expect, it } from 'vitest'
import { toBase64 } from '@/lib/base'
import { readPreviewMessage } from './messages'
import { maxPictureCharacters } from './picture'

/** The first bytes of a PNG of that size, and some more. */
function png({ width = 3, height = 2, name = 'IHDR', tail = 40 } = {}): string {
  const bytes = new Uint8Array(33 + tail)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])
  bytes.set(new TextEncoder().encode(name), 12)
  const header = new DataView(bytes.buffer)
  header.setUint32(16, width)
  header.setUint32(20, height)
  return `data:image/png;base64,${toBase64(bytes)}`
}

const sides = { width: 900, height: 600 }
const read = (dataUrl: unknown, more: object = {}) =>
  readPreviewMessage({
    vitrinePreview: { kind: 'picture', picture: { dataUrl, shown: sides, page: sides, isCut: false, ...more } },
  })

describe('a picture that a page sends', () => {
  it('is taken with the size that its own header tells', () => {
    expect(read(png(), { width: 9999, height: -1 })).toEqual({
      kind: 'picture',
      picture: { dataUrl: png(), width: 3, height: 2, shown: sides, page: sides, isCut: false },
    })
  })

  it('says of the page only numbers within bounds', () => {
    const message = read(png(), { page: { width: 1e300, height: 'tall' }, shown: null, isCut: 'yes' })
    expect(message).toMatchObject({
      picture: { page: { width: 10_000_000, height: 0 }, shown: { width: 0, height: 0 }, isCut: false },
    })
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an address', 'https://example.com/a.png'],
    ['another kind of picture', 'data:image/svg+xml;base64,PHN2Zy8+'],
    ['a page', 'data:text/html;base64,PGI+'],
    ['markup after the prefix', 'data:image/png;base64,"><script>'],
    ['something else under the name', `data:image/png;base64,${toBase64(new Uint8Array(60).fill(65))}`],
    ['a PNG without its header', png({ name: 'tEXt' })],
    ['one too wide', png({ width: 1569 })],
    ['one of four thousand million rows', png({ height: 0xffffffff })],
    ['one of no pixels', png({ width: 0 })],
    ['one cut off', png().slice(0, 40)],
    ['one too large', png({ tail: maxPictureCharacters })],
  ])('is refused when it is %s', (_what, dataUrl) => {
    expect(read(dataUrl)).toEqual({ kind: 'no-picture', problem: 'The page sent no picture.' })
  })

  it('can be refused by the page, in no more words than a sentence has', () => {
    expect(readPreviewMessage({ vitrinePreview: { kind: 'no-picture', problem: 'x'.repeat(1000) } })).toEqual({
      kind: 'no-picture',
      problem: 'x'.repeat(300),
    })
  })
})
