// The server: model proxy, filters, limits, settings. Route handlers hold no logic of their own; they name one of these.
// Runs on the server only. Must never run anybody's code, keep a conversation, or let a key out.
export { handle, refuseMethod } from './handle'
export { health } from './health'
export { models } from './model-proxy/model-list'
export { compact, respond } from './model-proxy/model-proxy'
export { moderate } from './model-proxy/moderation'
export { packageCrawl } from './packages/package-crawl'
export { packageFile } from './packages/package-file'
export { packageLimit } from './packages/registry'
export { isSandboxHost, previewOrigin } from './sandbox-host'
export { declaredTarget, listedTarget } from './tool-servers/tool-server-target'
export {
  declaredServerLimit,
  endToolSession,
  toolMessage,
  toolServerLimit,
  toolServers,
} from './tool-servers/tool-servers'
