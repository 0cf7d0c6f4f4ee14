// The sandbox of our own: an opaque frame with a kernel Worker, and a Worker for each process. Works offline.
// This side runs on the IDE page; what it starts runs in the frame. Must never give the frame the network or the page.
export { createEmbeddedSandbox, type EmbeddedSandboxOptions } from './embedded-sandbox'
