import type { PickedElement } from '@/lib/sandbox/embedded/preview'
import { pageBlock, pageNotice } from './page-text'

/** What the user pointed at, to be written about. */
export function describeElement({ selector, html, source }: PickedElement): string {
  const where = source === null ? '' : ` from ${source.path}${source.line > 1 ? `:${source.line}` : ''}`
  return `About this element${where}:\n${pageNotice}\n\n${pageBlock(`${selector}\n${html}`, 'html')}\n\n`
}
