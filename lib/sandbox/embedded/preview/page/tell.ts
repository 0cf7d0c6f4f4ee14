import type { PreviewMessage } from '../messages'
import type { FromPage } from './config'

// Taken before the page's own code can replace it.
const post = parent.postMessage.bind(parent)
/** Around an opaque page stands the shell, whose origin has no name. */
let target = '*'

/** Whom the page is for; a page inside another page of the project speaks to nobody. */
export function tellOnly(origin: string): void {
  target = origin
}

export const tellIde = (message: PreviewMessage) => post({ vitrinePreview: message }, target)
export const tellShell = (message: FromPage['vitrineShell']) => post({ vitrineShell: message }, '*')
