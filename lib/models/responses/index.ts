// The Responses API on the wire: server-sent events both ways, failures, and the client.
// Runs everywhere (browser, server, Node). Must never hold a key of its own or retry: the loop decides that.
export { createResponsesModel } from './client'
export { encodeSse, type WireEvent } from './encode'
export { keptInputHeader } from './sent-inputs'
export { readSse } from './sse'
