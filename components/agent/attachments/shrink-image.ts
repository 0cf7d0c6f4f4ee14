import { maxImageCharacters } from '@/lib/agent/attachments/attachment'
import { VitrineError } from '@/lib/base'

/** Longest side in pixels; models look at no more. */
const maxSide = 2048
const qualities = [0.85, 0.6, 0.4]

/** A pasted picture as a `data:` address that fits into a request. Rejects with a sentence when it cannot be read. */
export async function shrinkImage(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file).catch((error: unknown) => {
    throw new VitrineError('unsupported_media_type', 'This picture could not be read; try PNG, JPEG or WebP.', {
      cause: error,
    })
  })
  const scale = Math.min(1, maxSide / Math.max(bitmap.width, bitmap.height))
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  )
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const asPng = await toDataUrl(await canvas.convertToBlob({ type: 'image/png' }))
  if (asPng.length <= maxImageCharacters) return asPng
  for (const quality of qualities) {
    const address = await toDataUrl(await canvas.convertToBlob({ type: 'image/jpeg', quality }))
    if (address.length <= maxImageCharacters) return address
  }
  throw new VitrineError('request_too_large', 'This picture is too large to send; cut out the part that matters.')
}

function toDataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}
