import { tellIde } from './tell'

/** The text that the user sees. */
export function visibleText(): string {
  // biome-ignore lint/performance/useDomNodeTextContent: what is hidden, and the text of scripts, is not what the user sees
  return document.body?.innerText ?? ''
}

export function watchTitle(onTitle: (title: string) => void): void {
  let last = document.title
  new MutationObserver(() => {
    if (document.title === last) return
    last = document.title
    onTitle(last)
  }).observe(document.documentElement, { subtree: true, childList: true, characterData: true })
}

export function watchPaint(): void {
  const observer = new PerformanceObserver((list) => {
    const paint = list.getEntries().find(({ name }) => name === 'first-contentful-paint')
    if (paint) tellIde({ kind: 'painted', ms: paint.startTime })
  })
  observer.observe({ type: 'paint', buffered: true })
}
