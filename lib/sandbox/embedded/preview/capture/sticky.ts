/** How far an element stands from where it would be by itself, in CSS pixels. */
export interface Offset {
  left: number
  top: number
}

/**
 * How far scrolling has moved each sticky element, beyond the sticky ones around it. A style sheet that is gone before
 * anything is drawn shows where they would be. Those in shadow roots are not found.
 */
export function stickyOffsets(elements: readonly Element[]): ReadonlyMap<Element, Offset> {
  const sticky = elements.filter((element) => getComputedStyle(element).position === 'sticky')
  if (sticky.length === 0) return new Map()
  const stuck = sticky.map((element) => element.getBoundingClientRect())
  const loose = new CSSStyleSheet()
  loose.replaceSync(
    `${sticky.map(selectorOf).join()}{position:relative!important;inset:auto!important;transition:none!important}`,
  )
  const sheets = [...document.adoptedStyleSheets]
  document.adoptedStyleSheets = [...sheets, loose]
  const own = sticky.map((element) => element.getBoundingClientRect())
  document.adoptedStyleSheets = sheets

  const whole = new Map(
    sticky.map((element, index) => {
      const [at, from] = [stuck[index], own[index]]
      return [element, { left: (at?.left ?? 0) - (from?.left ?? 0), top: (at?.top ?? 0) - (from?.top ?? 0) }]
    }),
  )
  const offsets = new Map<Element, Offset>()
  for (const [element, { left, top }] of whole) {
    const outer = sticky.findLast((other) => other !== element && other.contains(element))
    const around = outer && whole.get(outer)
    const offset = { left: left - (around?.left ?? 0), top: top - (around?.top ?? 0) }
    if (Math.abs(offset.left) + Math.abs(offset.top) > 0.5) offsets.set(element, offset)
  }
  return offsets
}

/** By its place among its siblings: the page's own names may be used twice. */
function selectorOf(element: Element): string {
  const steps: string[] = []
  for (let at: Element | null = element; at; at = at.parentElement) {
    const place = [...(at.parentElement?.children ?? [])].indexOf(at) + 1
    steps.unshift(place === 0 ? ':root' : `:nth-child(${place})`)
  }
  return steps.join('>')
}
