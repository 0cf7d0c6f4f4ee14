/** Longhands that a still picture does without, and those that say in other words what others say. */
const leftOut =
  /^(?:animation|transition|timeline|view-(?:timeline|transition)|scroll|overscroll|cursor|pointer-events|will-change|user-|touch-|interactivity|d$)|(?:^|-)(?:inline|block)(?:-|$)/

/** The browser draws these by its own theme until a page sets their border or background, and lets them inherit nothing. */
const controls = new Set(['button', 'input', 'meter', 'progress', 'select', 'textarea'])

const pseudoElements = ['::before', '::after', '::marker'] as const

/** What an element looks like: a class of the picture's own style sheet, and the values for its children to compare with. */
export interface ElementStyle {
  className: string
  values: readonly string[]
}

export interface StyleSheet {
  /** `tag`: of the element that stands for it in the picture. */
  read(element: Element, tag: string, parent: ElementStyle | null): ElementStyle
  /** Everything read so far, as CSS. */
  text(): string
  dispose(): void
}

/**
 * Collects what elements look like by computed style. A value is left out only where the browser would come to it anyway:
 * it is the parent's, and that of such an element in an empty page. Elements that look the same share a class.
 */
export function createStyleSheet(): StyleSheet {
  const names = [...getComputedStyle(document.documentElement)].filter((name) => !leftOut.test(name))
  const classes = new Map<string, string>()
  const blank = createBlankPage(names)

  function declarations(values: readonly string[], before: readonly string[] | null, initial: readonly string[]) {
    let text = ''
    for (const [index, value] of values.entries()) {
      if (value === initial[index] && (before === null || value === before[index])) continue
      // A still picture cannot be scrolled, and bars that only show while one scrolls would stand in it.
      const still = names[index]?.startsWith('overflow') ? value.replace(/auto|scroll/, 'hidden') : value
      text += `${names[index]}:${still};`
    }
    return text
  }

  function pseudo(element: Element, which: (typeof pseudoElements)[number], values: readonly string[]): string {
    const style = getComputedStyle(element, which)
    const { content, color, fontSize, fontWeight } = style
    // Of a list's mark a page can hardly change more, and its content is the list's.
    if (which === '::marker') return `color:${color};font-size:${fontSize};font-weight:${fontWeight};`
    if (content === 'none' || content === 'normal') return ''
    return declarations(valuesOf(style, names), values, blank.valuesOf('span'))
  }

  return {
    read(element, tag, parent) {
      const values = valuesOf(getComputedStyle(element), names)
      const inherited = controls.has(tag) ? null : (parent?.values ?? null)
      const own = declarations(values, inherited, blank.valuesOf(tag))
      const parts = pseudoElements.map((which) => (hasPseudo(tag, own, which) ? pseudo(element, which, values) : ''))
      const key = [own, ...parts].join('\0')
      const className = classes.get(key) ?? `s${classes.size}`
      classes.set(key, className)
      return { className, values }
    },
    text: () =>
      [...classes]
        .map(([key, className]) => {
          const [own = '', ...parts] = key.split('\0')
          const rules = parts.map((text, index) =>
            text === '' ? '' : `.${className}${pseudoElements[index]}{${text}}`,
          )
          return `.${className}{${own}}${rules.join('')}`
        })
        .join('\n'),
    dispose: blank.dispose,
  }
}

function hasPseudo(tag: string, own: string, which: (typeof pseudoElements)[number]): boolean {
  if (which === '::marker') return tag === 'li' || own.includes(';display:list-item;')
  return tag !== 'img' && tag !== 'input'
}

/** What elements look like where no style of the page's reaches. */
function createBlankPage(names: readonly string[]): { valuesOf(tag: string): readonly string[]; dispose(): void } {
  const host = document.createElement('div')
  host.style.cssText = 'all:initial;display:none'
  const root = host.attachShadow({ mode: 'closed' })
  document.documentElement.append(host)
  const known = new Map<string, readonly string[]>()
  return {
    valuesOf(tag) {
      const found = known.get(tag)
      if (found) return found
      const element = tag.startsWith('svg:')
        ? document.createElementNS('http://www.w3.org/2000/svg', tag.slice(4))
        : document.createElement(tag)
      root.append(element)
      const values = valuesOf(getComputedStyle(element), names)
      element.remove()
      known.set(tag, values)
      return values
    },
    dispose: () => host.remove(),
  }
}

function valuesOf(style: CSSStyleDeclaration, names: readonly string[]): string[] {
  return names.map((name) => style.getPropertyValue(name))
}
