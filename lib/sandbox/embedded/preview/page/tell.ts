import type { PreviewMessage } from '../messages'
import type { FromPage } from './config'

// Taken before the page's own code can replace it.
const post = parent.postMessage.bind(parent)

export const tellIde = (message: PreviewMessage) => post({ vitrinePreview: message }, '*')
export const tellShell = (message: FromPage['vitrineShell']) => post({ vitrineShell: message }, '*')
