/** A tool as its server describes it. All of it is the server's word, and untrusted. */
export interface ServerTool {
  name: string
  description: string
  /** JSON schema of the arguments. */
  inputSchema: Readonly<Record<string, unknown>>
  /** The server says that it changes nothing. */
  readOnly: boolean
}

/** How a server introduces itself: its own words, on one line each. */
export interface ServerGreeting {
  name: string
  version: string
  /** The version of the protocol that is spoken with it. */
  protocol: string
}

/** A server that the user switched on for the project, with the tools that are on. */
export interface EnabledServer {
  /** What the model calls it: the user's name for it, or the address without its scheme. */
  name: string
  address: string
  tools: readonly ServerTool[]
}

export interface ServerCall {
  address: string
  tool: string
  arguments: Readonly<Record<string, unknown>>
}

/** `ok` is false when the tool says that it failed. */
export interface ServerAnswer {
  ok: boolean
  text: string
}

/** What a turn knows of tools from elsewhere. */
export interface ToolServers {
  enabled(): readonly EnabledServer[]
  /** Rejects with a sentence when the server cannot be used, and with the abort reason when it is stopped. */
  call(call: ServerCall, signal: AbortSignal): Promise<ServerAnswer>
}
