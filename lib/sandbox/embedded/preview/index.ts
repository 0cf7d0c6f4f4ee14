// Shows a page of the project in an opaque frame without network: builds one self-contained document from its files.
// Runs in the browser (DOMParser only; nothing of the page runs here). Must never give the page the IDE's origin.
export { buildPreviewDocument, findPreviewPage } from './build-document'
export { createLivePreview, type LivePreview } from './live-preview'
export { type PreviewMessage, readPreviewMessage } from './messages'
