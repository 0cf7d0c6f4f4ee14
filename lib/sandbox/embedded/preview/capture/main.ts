// Draws the document it runs in: its elements with their computed styles, as an SVG image on a canvas. Handed to a
// previewed page when a picture of it is asked for. Must never change the page, nor load anything.
import { maxPictureCharacters, maxPictureSide, type PagePicture } from '../picture'
import { createStyleSheet } from './computed-styles'
import { escapeXml, markupOf } from './markup'

/** Of the markup; drawing more takes the browser too long. */
const maxMarkup = 16_000_000
const maxFontCharacters = 2_000_000
const scales = [1, 0.75, 0.5, 0.35]
/** A page that is not shown has no frames. */
const frameTimeoutMs = 200

/** Resolves to the picture; rejects with a sentence when this page cannot be drawn. */
export async function capture(): Promise<PagePicture> {
  await nextFrame()
  const { clientWidth, scrollHeight } = document.documentElement
  const page = { width: clientWidth, height: Math.max(scrollHeight, innerHeight) }
  const shown = {
    width: Math.max(1, page.width),
    height: Math.max(1, Math.min(page.height - scrollY, Math.max(innerHeight, maxPictureSide))),
  }
  const { svg, isCut } = await svgOf(shown)
  const image = await loadSvg(svg)
  const fit = Math.min(1, maxPictureSide / Math.max(shown.width, shown.height))
  for (const scale of scales) {
    const [width, height] = [sideOf(shown.width * fit * scale), sideOf(shown.height * fit * scale)]
    const dataUrl = draw(image, width, height)
    if (dataUrl.length <= maxPictureCharacters) return { dataUrl, width, height, shown, page, isCut }
  }
  throw new Error('The page shows too much detail for one picture.')
}

/** After what the page draws for a frame, before it is shown: only then a WebGL canvas can be read that keeps no buffer. */
function nextFrame(): Promise<unknown> {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve)
    setTimeout(resolve, frameTimeoutMs)
  })
}

async function svgOf({ width, height }: PagePicture['shown']): Promise<{ svg: string; isCut: boolean }> {
  const sheet = createStyleSheet()
  try {
    const { markup, isCut } = markupOf(sheet, height)
    const css = await withoutBlobs(`${fontFaces()}\n${sheet.text()}`)
    const place = `position:absolute;left:${-scrollX}px;top:${-scrollY}px;width:${width}px;height:${document.documentElement.scrollHeight}px`
    const box = `<div xmlns="http://www.w3.org/1999/xhtml" style="${place};${escapeXml(rootBackground())}">${markup}</div>`
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><style>${escapeXml(css)}</style><foreignObject width="${width}" height="${height}">${box}</foreignObject></svg>`
    if (svg.length > maxMarkup) throw new Error('The page is too large to be drawn.')
    return { svg, isCut }
  } finally {
    sheet.dispose()
  }
}

/** The window takes the background of the root, or else of the body. */
function rootBackground(): string {
  const [root, body] = [getComputedStyle(document.documentElement), document.body && getComputedStyle(document.body)]
  const isBare = root.backgroundImage === 'none' && root.backgroundColor === 'rgba(0, 0, 0, 0)'
  return `background:${(isBare && body ? body : root).background}`
}

function fontFaces(): string {
  let text = ''
  for (const { cssRules } of [...document.styleSheets, ...document.adoptedStyleSheets]) {
    for (const rule of cssRules) {
      if (rule instanceof CSSFontFaceRule && text.length + rule.cssText.length < maxFontCharacters) text += rule.cssText
    }
  }
  return text
}

/** An image loads nothing, not even from the page's own memory. */
async function withoutBlobs(css: string): Promise<string> {
  const urls = new Set([...css.matchAll(/url\("(blob:[^"]*)"\)/g)].map(([, url = '']) => url))
  let text = css
  for (const url of urls) text = text.replaceAll(url, await dataUrlOf(url))
  return text
}

async function dataUrlOf(url: string): Promise<string> {
  try {
    const blob = await (await fetch(url)).blob()
    return await new Promise((resolve, reject) => {
      const reader = new FileReader()
      reader.onload = () => resolve(String(reader.result))
      reader.onerror = () => reject(reader.error)
      reader.readAsDataURL(blob)
    })
  } catch {
    // The page has taken it back; where it was, nothing is drawn.
    return 'data:,'
  }
}

async function loadSvg(svg: string): Promise<HTMLImageElement> {
  // Halves of characters would end the encoding.
  const text = new TextDecoder().decode(new TextEncoder().encode(svg))
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode().catch((error: unknown) => {
    throw new Error('The browser could not draw this page.', { cause: error })
  })
  return image
}

function sideOf(length: number): number {
  return Math.max(1, Math.round(length))
}

function draw(image: HTMLImageElement, width: number, height: number): string {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) throw new Error('The browser gave no canvas to draw on.')
  context.fillStyle = 'white'
  context.fillRect(0, 0, width, height)
  context.drawImage(image, 0, 0, width, height)
  try {
    return canvas.toDataURL('image/png')
  } catch (error) {
    // Safari takes every picture of markup for one that holds other sites' secrets.
    throw new Error('This browser does not let a page draw itself.', { cause: error })
  }
}
