type Drawable = HTMLImageElement | HTMLCanvasElement | HTMLVideoElement

const nothing = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='
const maxSide = 1600

/** What an image, a canvas or a video shows now, as `data:` address no larger than it is on the screen. */
export function stillOf(element: Drawable): string {
  const [width, height] = sizeOf(element)
  const box = element.getBoundingClientRect()
  const scale = Math.min(1, maxSide / Math.max(width, height), Math.max(box.width / width, box.height / height) || 0)
  if (width === 0 || height === 0 || scale === 0) return nothing
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  try {
    canvas.getContext('2d')?.drawImage(element, 0, 0, canvas.width, canvas.height)
    return canvas.toDataURL()
  } catch {
    // It holds what came from another place, or is broken: the browser does not give it out.
    return nothing
  }
}

function sizeOf(element: Drawable): [width: number, height: number] {
  if (element instanceof HTMLImageElement) return [element.naturalWidth, element.naturalHeight]
  if (element instanceof HTMLVideoElement) return [element.videoWidth, element.videoHeight]
  return [element.width, element.height]
}
