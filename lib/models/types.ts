/** A Responses API input or output item as it stands on the wire. Unknown kinds pass through untouched. */
export type ResponseItem =
  | MessageItem
  | FunctionCallItem
  | FunctionCallOutputItem
  | CustomToolCallItem
  | CustomToolCallOutputItem
  | ReasoningItem
  | { type: 'unknown'; [key: string]: unknown }

export interface MessageItem {
  type: 'message'
  id?: string
  role: 'developer' | 'user' | 'assistant'
  status?: 'in_progress' | 'completed' | 'incomplete'
  content: ContentPart[]
}

export type ContentPart =
  | { type: 'input_text'; text: string }
  /** A picture that travels in the request, as a `data:` address. */
  | { type: 'input_image'; image_url: string; detail?: 'auto' | 'low' | 'high' }
  | { type: 'output_text'; text: string; annotations?: unknown[] }
  | { type: 'refusal'; refusal: string }

/** What a call gave: text, or text and pictures. */
export type ToolOutput = string | ContentPart[]

export interface FunctionCallItem {
  type: 'function_call'
  id?: string
  call_id: string
  name: string
  /** JSON text, exactly as the model wrote it. */
  arguments: string
  status?: string
}

export interface FunctionCallOutputItem {
  type: 'function_call_output'
  id?: string
  call_id: string
  output: ToolOutput
}

export interface CustomToolCallItem {
  type: 'custom_tool_call'
  id?: string
  call_id: string
  name: string
  /** Freeform text. */
  input: string
  status?: string
}

export interface CustomToolCallOutputItem {
  type: 'custom_tool_call_output'
  id?: string
  call_id: string
  output: ToolOutput
}

export interface ReasoningItem {
  type: 'reasoning'
  id?: string
  summary: { type: 'summary_text'; text: string }[]
  encrypted_content?: string | null
  content?: null
}

export type ToolDefinition =
  | { type: 'function'; name: string; description: string; parameters: Record<string, unknown>; strict?: boolean }
  | {
      type: 'custom'
      name: string
      description: string
      format?: { type: 'grammar'; syntax: 'lark' | 'regex'; definition: string } | { type: 'text' }
    }

/** From the least thinking to the most; a model takes some of them. */
export const reasoningEfforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const
export type ReasoningEffort = (typeof reasoningEfforts)[number]

/** How much a model says. */
export const verbosities = ['low', 'medium', 'high'] as const
export type Verbosity = (typeof verbosities)[number]

/** US dollars per million tokens. */
export interface TokenPrice {
  input: number
  cachedInput: number
  output: number
}

/** The body of `POST /v1/responses`, as this product sends it. Source: the OpenAI Responses API reference. */
export interface ResponsesRequest {
  model: string
  stream: true
  input: readonly ResponseItem[]
  tools: readonly ToolDefinition[]
  tool_choice: 'auto' | 'none'
  parallel_tool_calls: boolean
  reasoning?: { effort?: ReasoningEffort; summary?: 'auto' }
  /** Always false: nothing is kept upstream. */
  store: false
  include: readonly ['reasoning.encrypted_content']
  /** The thread's id; constant for the whole thread, so that prefixes hit the cache. */
  prompt_cache_key: string
  text?: { verbosity?: Verbosity }
  /** Only where the model takes it, and only to tell several attempts at one turn apart. */
  temperature?: number
}

export interface Usage {
  inputTokens: number
  cachedInputTokens: number
  cacheWriteTokens: number
  outputTokens: number
  reasoningTokens: number
  totalTokens: number
}

/** What a model says, in order. A stream always ends with exactly one `completed` or `failed`; it never throws but on abort. */
export type ModelEvent =
  | { type: 'created'; responseId: string; model: string }
  | { type: 'item-start'; index: number; item: ResponseItem }
  | { type: 'text-delta'; index: number; delta: string }
  | { type: 'reasoning-delta'; index: number; delta: string }
  /** A piece of a function call's arguments or a custom tool's input. */
  | { type: 'tool-input-delta'; index: number; delta: string }
  /** The whole item, ready to be acted on and to be echoed in the next request. */
  | { type: 'item-end'; index: number; item: ResponseItem }
  | { type: 'completed'; responseId: string; usage: Usage | null }
  /** `usage`: what was paid for it nevertheless, where the server says so. */
  | { type: 'failed'; error: ModelFailure; usage?: Usage }

export interface ModelFailure {
  /** Fatal failures end the turn; retryable ones are sampled again after `delayMs` or a backoff. */
  kind: 'retryable' | 'fatal'
  code: string
  message: string
  delayMs?: number
}

/** The one shape of real, replay and scripted models. Rejects (AbortError) only when `signal` aborts. */
export type Model = (request: ResponsesRequest, options: { signal: AbortSignal }) => AsyncIterable<ModelEvent>

export interface ModelInfo {
  id: string
  /** For people, e.g. “Demo model (scripted)”. */
  label: string
  /** `device`: runs in this browser, and sends nothing anywhere. */
  kind: 'scripted' | 'upstream' | 'device'
  /** Whether it takes `custom` tools with a grammar; others get function variants. */
  freeformTools: boolean
  /** Tokens; null when unknown. */
  contextWindow: number | null
  /** It sees pictures; off unless known. */
  images?: boolean
  /** Its server shortens histories itself (`POST /responses/compact`); off unless known. */
  serverCompaction?: boolean
  /** Null when unknown: then tokens are shown, and no cost. */
  price: TokenPrice | null
  /** How hard it can be told to think; none when it takes no such setting. */
  efforts?: readonly ReasoningEffort[]
  /** It tells what it thinks in short when a request asks for that; off unless known, since others refuse to be asked. */
  reasoningSummaries?: boolean
  /** How much it can be told to say. */
  verbosities?: readonly Verbosity[]
  /** The browser has to fetch it before it answers. */
  needsDownload?: boolean
  /** Whether a request may set the temperature; models that reason refuse it. */
  takesTemperature?: boolean
}
