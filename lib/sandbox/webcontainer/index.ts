// The sandbox on @webcontainer/api: Node itself, from its vendor's servers and under its vendor's terms.
// Runs in the browser, online, cross-origin isolated. It has the network: must never be given a secret.
export { type BootFailure, type BootOptions, bootWebContainer } from './boot'
export { createWebContainerSandbox } from './webcontainer-sandbox'
