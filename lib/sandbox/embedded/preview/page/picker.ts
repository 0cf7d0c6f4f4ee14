import type { SourcePlace } from '../messages'
import { tellIde } from './tell'

/** Lets the user point at an element: an outline follows the pointer, a click tells the IDE what was chosen. */
export function installPicker(): { set(on: boolean): void } {
  let outline: HTMLElement | null = null

  function onMove(event: PointerEvent) {
    const element = elementAt(event)
    if (!outline || !element) return
    const { left, top, width, height } = element.getBoundingClientRect()
    Object.assign(outline.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` })
  }
  function onClick(event: MouseEvent) {
    event.preventDefault()
    event.stopImmediatePropagation()
    const element = elementAt(event)
    set(false)
    if (!element) return
    tellIde({
      kind: 'picked',
      element: { selector: selectorOf(element), html: element.outerHTML.slice(0, 2000), source: sourceOf(element) },
    })
  }
  function onKey(event: KeyboardEvent) {
    if (event.key === 'Escape') set(false)
  }
  const swallow = (event: Event) => {
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  const listeners = {
    pointermove: onMove,
    click: onClick,
    keydown: onKey,
    pointerdown: swallow,
    mousedown: swallow,
  } as const

  function set(on: boolean) {
    outline?.remove()
    outline = null
    for (const [type, listener] of Object.entries(listeners)) {
      removeEventListener(type, listener as EventListener, true)
      if (on) addEventListener(type, listener as EventListener, true)
    }
    if (!on) return
    outline = document.createElement('div')
    outline.style.cssText =
      'all:initial;position:fixed;z-index:2147483647;pointer-events:none;border:2px solid #2f6fed;background:#2f6fed22;border-radius:2px'
    document.documentElement.append(outline)
  }
  return { set }
}

function elementAt(event: MouseEvent): Element | null {
  const [first] = event.composedPath()
  return first instanceof Element ? first : document.elementFromPoint(event.clientX, event.clientY)
}

/** The shortest path of the kind people write: an id, else names with classes or positions. */
function selectorOf(element: Element): string {
  const parts: string[] = []
  for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement) {
    if (at.id !== '' && document.querySelectorAll(`#${CSS.escape(at.id)}`).length === 1) {
      parts.unshift(`#${CSS.escape(at.id)}`)
      break
    }
    parts.unshift(partOf(at))
    if (document.querySelectorAll(parts.join(' > ')).length === 1) break
  }
  return parts.join(' > ')
}

function partOf(element: Element): string {
  const classes = [...element.classList].slice(0, 2).map((name) => `.${CSS.escape(name)}`)
  const part = element.localName + classes.join('')
  const siblings = [...(element.parentElement?.children ?? [])]
  const alike = siblings.filter((sibling) => sibling.localName === element.localName)
  return alike.length > 1 ? `${part}:nth-of-type(${alike.indexOf(element) + 1})` : part
}

/** Vue and Svelte note the file of an element's component in development; React the component's name and stack. */
function sourceOf(element: Element): SourcePlace | null {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const svelte = read(at, '__svelte_meta', 'loc')
    if (isRecord(svelte) && typeof svelte.file === 'string') {
      return { path: svelte.file, line: Number(svelte.line), column: Number(svelte.column) }
    }
    const vue = read(at, '__vueParentComponent', 'type', '__file')
    if (typeof vue === 'string') return { path: vue, line: 1, column: 1 }
    const fiber = Object.keys(at).find((key) => key.startsWith('__reactFiber$'))
    const stack = fiber === undefined ? null : read(at, fiber, '_debugStack', 'stack')
    const place = typeof stack === 'string' ? ownPlace(stack) : null
    if (place) return place
  }
  return null
}

function ownPlace(stack: string): SourcePlace | null {
  for (const line of stack.split('\n')) {
    const [, path, row, column] = /https?:\/\/[\w.-]+(?::\d+)?\/([^?:\s)]+)(?:\?[^:\s)]*)?:(\d+):(\d+)/.exec(line) ?? []
    if (path && !/node_modules\/|^__vitrine\//.test(path)) return { path, line: Number(row), column: Number(column) }
  }
  return null
}

function read(from: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), from)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
