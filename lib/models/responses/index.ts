// The Responses API on the wire: server-sent events both ways, failures, and the client.
// Runs everywhere (browser, server, Node). Must never hold a key of its own or retry: the loop decides that.
export { createResponsesModel, type ResponsesModelOptions } from './client'
export { createResponseDecoder, type ResponseDecoder } from './decode'
export { encodeSse, type WireEvent } from './encode'
export { classifyFailure, classifyHttpFailure, retryAfterMs } from './failure'
export { createSseParser, readSse, type SseEvent, type SseParser } from './sse'
