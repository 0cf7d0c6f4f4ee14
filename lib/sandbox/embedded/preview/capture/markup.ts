import type { ElementStyle, StyleSheet } from './computed-styles'
import { type Offset, stickyOffsets } from './sticky'
import { stillOf } from './still'

/** More elements take seconds to read. */
const maxElements = 4000
const svgSpace = 'http://www.w3.org/2000/svg'
const htmlSpace = 'http://www.w3.org/1999/xhtml'
/** Of HTML's names not all are XML's: frameworks leave `@click` and `x-on:click` behind. */
const xmlName = /^[A-Za-z_][\w.-]*$/

/** Keep their name in the picture, for what the browser itself draws or counts in them; all others are plain boxes. */
const keptTags = new Set(
  'br button hr input li legend fieldset meter ol option optgroup progress select summary details table caption colgroup col thead tbody tfoot tr td th textarea ul'.split(
    ' ',
  ),
)
const keptAttributes =
  'type placeholder disabled colspan rowspan span start reversed min max low high optimum open dir rows cols size multiple label'.split(
    ' ',
  )
const withoutFace = new Set('head link meta noscript script style template title'.split(' '))

/** What an element is drawn in. `shift`: it stands this much further up and left, as in a scrolled box. */
interface Around {
  parent: ElementStyle | null
  shift: Offset | null
}

export interface PageMarkup {
  markup: string
  /** The page has more elements than are drawn. */
  isCut: boolean
}

/** The page as markup that draws the same without the page's scripts and styles. `bottom`: what is below is not drawn. */
export function markupOf(sheet: StyleSheet, bottom: number): PageMarkup {
  const sticky = stickyOffsets([...document.querySelectorAll('*')].slice(0, maxElements))
  let elements = 0

  function visit(node: Node, parent: ElementStyle, shift: Offset | null): string {
    if (node instanceof Text) return textOf(node.data, shift)
    return node instanceof Element ? elementOf(node, parent, shift) : ''
  }

  function elementOf(element: Element, parent: ElementStyle | null, shift: Offset | null): string {
    if (withoutFace.has(element.localName) || elements >= maxElements) return ''
    const computed = getComputedStyle(element)
    if (computed.display === 'none' && element.namespaceURI !== svgSpace && !definesShapes(element)) return ''
    elements += 1
    const stuck = sticky.get(element)
    return drawn(element, computed, { parent, shift: stuck ? between(shift, stuck) : shift })
  }

  function drawn(element: Element, computed: CSSStyleDeclaration, { parent, shift }: Around): string {
    if (element.namespaceURI === svgSpace) return svgOf(element, parent, shift)
    if (isDrawable(element)) {
      const { className } = sheet.read(element, 'img', parent)
      return `<img${spaceOf(element)} class="${className}"${styleOf(computed, shift)} src="${stillOf(element)}" alt=""/>`
    }
    const tag = keptTags.has(element.localName) ? element.localName : 'div'
    const style = sheet.read(element, tag, parent)
    const isBelow = element.getBoundingClientRect().top > bottom
    const inner = isBelow ? '' : (ownText(element) ?? childrenOf(element, style))
    const face = `${spaceOf(element)} class="${style.className}"${styleOf(computed, shift, element)}`
    return `<${tag}${face}${attributesOf(element)}>${inner}</${tag}>`
  }

  function childrenOf(element: Element, style: ElementStyle): string {
    const isScrolled = !isRoot(element) && (element.scrollTop !== 0 || element.scrollLeft !== 0)
    const shift = isScrolled ? { left: element.scrollLeft, top: element.scrollTop } : null
    return childNodes(element)
      .map((child) => visit(child, style, shift))
      .join('')
  }

  function svgOf(element: Element, parent: ElementStyle | null, shift: Offset | null): string {
    const tag = element.localName
    if (!xmlName.test(tag)) return ''
    const style = sheet.read(element, `svg:${tag}`, parent)
    const face = ` class="${style.className}"${styleOf(getComputedStyle(element), shift)}`
    return `<${tag}${spaceOf(element)}${face}${svgAttributesOf(element)}>${childrenOf(element, style)}</${tag}>`
  }

  const markup = elementOf(document.documentElement, null, null)
  return { markup, isCut: elements >= maxElements }
}

/** Symbols are drawn from where they are hidden. */
function definesShapes(element: Element): boolean {
  return element.querySelector('symbol, defs') !== null
}

/** The namespace, where it is another than around the element. */
function spaceOf({ namespaceURI, parentElement }: Element): string {
  const space = namespaceURI === svgSpace ? svgSpace : htmlSpace
  const around = parentElement?.namespaceURI === svgSpace ? svgSpace : htmlSpace
  return space === around ? '' : ` xmlns="${space}"`
}

function svgAttributesOf(element: Element): string {
  const attributes = new Map<string, string>()
  for (const { name, value } of element.attributes) {
    const plain = name.replace(/^xlink:/, '')
    const isKept = xmlName.test(plain) && !/^(?:on.*|class|style|xmlns)$/.test(plain)
    // What is elsewhere is not there in an image.
    if (isKept && (plain !== 'href' || value.startsWith('#'))) attributes.set(plain, value)
  }
  return [...attributes].map(([name, value]) => ` ${name}="${escapeXml(value)}"`).join('')
}

function isRoot(element: Element): boolean {
  return element === document.documentElement || element === document.body
}

function isDrawable(element: Element): element is HTMLImageElement | HTMLCanvasElement | HTMLVideoElement {
  return (
    element instanceof HTMLImageElement || element instanceof HTMLCanvasElement || element instanceof HTMLVideoElement
  )
}

/** What is rendered in an element: its shadow, or what a slot takes in. */
function childNodes(element: Element): Node[] {
  if (element.shadowRoot) return [...element.shadowRoot.childNodes]
  const assigned = element instanceof HTMLSlotElement ? element.assignedNodes({ flatten: true }) : []
  return assigned.length > 0 ? assigned : [...element.childNodes]
}

/** Of form fields: what the user has chosen or typed stands in no child. Null for other elements. */
function ownText(element: Element): string | null {
  if (element instanceof HTMLTextAreaElement) return escapeXml(element.value)
  if (!(element instanceof HTMLSelectElement)) return null
  const shown = element.multiple || element.size > 1 ? [...element.options] : [...element.selectedOptions]
  return shown
    .map(({ text, selected }) => `<option${selected ? ' selected=""' : ''}>${escapeXml(text)}</option>`)
    .join('')
}

function attributesOf(element: Element): string {
  let text = ''
  if (!keptTags.has(element.localName)) return text
  for (const name of keptAttributes) {
    const value = element.getAttribute(name)
    if (value !== null) text += ` ${name}="${escapeXml(value)}"`
  }
  if (element instanceof HTMLInputElement) {
    // A file's name cannot be set.
    if (element.type !== 'file') text += ` value="${escapeXml(element.value)}"`
    if (element.checked) text += ' checked=""'
  } else if (element instanceof HTMLProgressElement || element instanceof HTMLMeterElement) {
    if (element.hasAttribute('value')) text += ` value="${element.value}"`
  } else if (element instanceof HTMLLIElement && element.hasAttribute('value')) text += ` value="${element.value}"`
  return text
}

function styleOf(computed: CSSStyleDeclaration, shift: Offset | null, element?: Element): string {
  // The root scrolls and clips the window itself; here it is a box like others.
  if (element && isRoot(element)) return ' style="overflow:visible;display:flow-root;background:none"'
  if (shift === null || computed.position === 'fixed') return ''
  const { left, top } = shift
  if (computed.display === 'inline') return ` style="position:relative;left:${-left}px;top:${-top}px"`
  const [x = '0px', y = '0px'] = computed.translate === 'none' ? [] : computed.translate.split(' ')
  // In the picture nothing scrolls, so nothing sticks.
  const place = computed.position === 'sticky' ? 'position:relative;inset:auto;' : ''
  return ` style="${place}translate:calc(${x} - ${left}px) calc(${y} - ${top}px)"`
}

/** Where a sticky element stands that its box has shifted, and it has moved by itself. */
function between(shift: Offset | null, stuck: Offset): Offset {
  return { left: (shift?.left ?? 0) - stuck.left, top: (shift?.top ?? 0) - stuck.top }
}

function textOf(text: string, shift: Offset | null): string {
  if (shift === null || text.trim() === '') return escapeXml(text)
  return `<span style="position:relative;left:${-shift.left}px;top:${-shift.top}px">${escapeXml(text)}</span>`
}

/** XML knows no control characters, not even escaped ones. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
}
