import { maxImageCharacters } from '@/lib/agent/attachments/attachment'
import { VitrineError } from '@/lib/base'

/** Longest sides in pixels and JPEG qualities, best first; models look at no more than the first. */
const sides = [1568, 1120, 800]
const qualities = [0.85, 0.6]

/** A pasted picture as a `data:` address that fits into a request. Rejects with a sentence when it cannot be read. */
export async function shrinkImage(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file).catch((error: unknown) => {
    throw new VitrineError('unsupported_media_type', 'This picture could not be read; try PNG, JPEG or WebP.', {
      cause: error,
    })
  })
  try {
    for (const side of sides) {
      const canvas = draw(bitmap, side)
      // Text and lines stay sharp as PNG; photographs are too large for it.
      const tries = [{ type: 'image/png' }, ...qualities.map((quality) => ({ type: 'image/jpeg', quality }))]
      for (const options of tries) {
        const address = await toDataUrl(await canvas.convertToBlob(options))
        if (address.length <= maxImageCharacters) return address
      }
    }
  } finally {
    bitmap.close()
  }
  throw new VitrineError('request_too_large', 'This picture is too large to send; cut out the part that matters.')
}

function draw(bitmap: ImageBitmap, side: number): OffscreenCanvas {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height))
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  )
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  return canvas
}

function toDataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}
