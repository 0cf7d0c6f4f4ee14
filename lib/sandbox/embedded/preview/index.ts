// Shows the project's pages and servers in an opaque frame without network: `shell/` makes documents whole, `page/` is what
// runs first inside them, `bridge/` is how they reach their server. Must never give a page the IDE's origin or network.
export type { PreviewLine } from './console-lines'
export {
  createLivePreview,
  type LivePreview,
  type LivePreviewState,
  type PreviewError,
  type StartedServer,
} from './live-preview'
export {
  type LogValue,
  type PickedElement,
  type PreviewMessage,
  readPreviewMessage,
  type SourcePlace,
} from './messages'
export type { PagePicture } from './picture'
