import { VitrineError } from '@/lib/base'

/** The body that goes upstream: rebuilt field by field, nothing copied that is not named here. */
export interface UpstreamRequest {
  model: string
  input: unknown[]
  stream: boolean
  store: false
  [field: string]: unknown
}

const maxItems = 2_000
const maxTools = 128
const maxOutputTokens = 128_000

type Check = (value: unknown) => boolean
const isText: Check = (value) => typeof value === 'string'
const isBoolean: Check = (value) => typeof value === 'boolean'
const isObject: Check = (value) => isRecord(value)
const isNumber =
  (min: number, max: number): Check =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max

/** Fields that pass on unchanged when they have the right shape. */
const passing: Record<string, Check> = {
  instructions: isText,
  tool_choice: (value) => isText(value) || isObject(value),
  parallel_tool_calls: isBoolean,
  reasoning: isObject,
  include: (value) => Array.isArray(value) && value.every(isText),
  prompt_cache_key: (value) => isText(value) && String(value).length <= 512,
  text: isObject,
  temperature: isNumber(0, 2),
  top_p: isNumber(0, 1),
  max_output_tokens: isNumber(1, maxOutputTokens),
  truncation: isText,
  service_tier: isText,
}

/** Fields that would choose where the request goes or with which key: somebody tries something. */
const destination =
  /^(?:(?:api|base|proxy|server|endpoint|upstream)[_-]?(?:base|url|uri|type|host|key|version)?|(?:extra[_-]?)?headers|(?:openai[_-]?)?(?:api[_-]?key|organi[sz]ation|project))$/i

/** Fields that only work when the answer is kept on the other side, which never happens here. */
const stateful = ['previous_response_id', 'conversation', 'background', 'prompt']

/**
 * Rebuilds a Responses request for the upstream: known fields only, `store: false` always.
 * Input items and tools are the client's own affair and pass untouched; fields not listed here are dropped.
 */
export function rebuildRequest(body: Record<string, unknown>): UpstreamRequest {
  for (const field of Object.keys(body)) {
    if (destination.test(field))
      throw refuse(field, `“${field}” cannot be set by a request; the operator decides where requests go.`)
    if (stateful.includes(field) && body[field] !== null && body[field] !== false)
      throw refuse(field, `“${field}” is not supported: nothing is kept on the server.`)
  }
  if (typeof body.model !== 'string' || body.model === '') throw refuse('model', '“model” must be the name of a model.')
  if (body.stream !== undefined && body.stream !== null && !isBoolean(body.stream))
    throw refuse('stream', '“stream” must be true or false.')
  const request: UpstreamRequest = {
    model: body.model,
    input: toInput(body.input),
    stream: body.stream === true,
    store: false,
  }
  for (const [field, isValid] of Object.entries(passing)) {
    const value = body[field]
    if (value === undefined || value === null) continue
    if (!isValid(value)) throw refuse(field, `“${field}” is not valid.`)
    request[field] = value
  }
  const tools = toTools(body.tools, 'tools')
  if (tools) request.tools = tools
  return request
}

/** What is to be shortened, under the same rules; what concerns an answer does not travel. */
export function rebuildCompaction(body: Record<string, unknown>): Pick<UpstreamRequest, 'model' | 'input'> {
  const { model, input, instructions, prompt_cache_key, service_tier } = rebuildRequest({ ...body, stream: false })
  const optional = { instructions, prompt_cache_key, service_tier }
  const given = Object.entries(optional).filter(([, value]) => value !== undefined)
  return { model, input, ...Object.fromEntries(given) }
}

function toInput(input: unknown): unknown[] {
  if (typeof input === 'string')
    return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
  if (!Array.isArray(input) || input.length === 0) throw refuse('input', '“input” must be a text or a list of items.')
  if (input.length > maxItems)
    throw new VitrineError('request_too_large', `“input” has more than ${maxItems} items.`, { param: 'input' })
  return input.map((item, index) => {
    if (!isRecord(item)) throw refuse(`input[${index}]`, 'Every input item must be an object.')
    refuseReferences(item, `input[${index}]`)
    // Some models take their tools as an item; the same rule holds for them.
    return Array.isArray(item.tools) ? { ...item, tools: toTools(item.tools, `input[${index}].tools`) } : item
  })
}

const picture = /^data:image\/(?:png|jpe?g|webp|gif);base64,/i

/**
 * Content travels in the request or not at all: an id would read what the operator's account keeps, and an address
 * would have the model server fetch it, from its own network. Depth is bounded by the reader of the body.
 */
function refuseReferences(value: unknown, param: string): void {
  if (Array.isArray(value)) for (const entry of value) refuseReferences(entry, param)
  if (!isRecord(value)) return
  const { type, file_id, file_url, image_url } = value
  const address = isRecord(image_url) ? image_url.url : image_url
  const isForeign = type === 'item_reference' || typeof file_id === 'string' || typeof file_url === 'string'
  if (isForeign || (typeof address === 'string' && !picture.test(address))) {
    throw refuse(
      param,
      'Input must hold its content itself: no stored items or files, and images as “data:” addresses of PNG, JPEG, WebP or GIF.',
    )
  }
  for (const field of ['content', 'output']) refuseReferences(value[field], param)
}

function toTools(tools: unknown, param: string): unknown[] | null {
  if (tools === undefined || tools === null) return null
  if (!Array.isArray(tools)) throw refuse(param, 'Tools must be a list.')
  if (tools.length > maxTools) throw refuse(param, `More than ${maxTools} tools.`)
  return tools.map((tool, index) => toClientTool(tool, `${param}[${index}]`))
}

/** Kinds that the client itself carries out: the model only names them. */
const clientTools = new Set(['function', 'custom', 'namespace', 'tool_search', 'local_shell', 'shell', 'apply_patch'])

/**
 * The rule `client_tools_only`: tools that the provider runs (remote MCP servers, web search, code interpreters) would
 * act outside the tab, unseen and on the operator's account. A web search without outside access is a mere lookup; one
 * with it, which the Codex CLI offers by itself where its own sandbox is off, becomes a lookup.
 */
function toClientTool(tool: unknown, param: string): unknown {
  if (typeof tool === 'string') return tool
  if (!isRecord(tool)) throw refuse(param, 'Every tool must be an object.')
  const { tools, server_url, connector_id, external_web_access, environment } = tool
  const type = typeof tool.type === 'string' ? tool.type : ''
  const isSearch = type === 'web_search' && typeof external_web_access === 'boolean'
  // `shell` runs in a container of the provider's unless its environment is local.
  const isHosted = environment !== undefined && !(isRecord(environment) && environment.type === 'local')
  const isRemote = server_url !== undefined || connector_id !== undefined || isHosted
  if ((!clientTools.has(type) && !isSearch) || isRemote) {
    throw new VitrineError(
      'policy_denied',
      `Rule client_tools_only: tools of type “${type.slice(0, 40)}” run outside the user’s tab. ${hintFor(type)}`,
      { param },
    )
  }
  if (isSearch) return { ...tool, external_web_access: false }
  const isGroup = type === 'namespace' && tools !== undefined && tools !== null
  return isGroup ? { ...tool, tools: toTools(tools, `${param}.tools`) } : tool
}

const hintFor = (type: string) =>
  type.startsWith('web_search')
    ? 'With “external_web_access”: false it is a lookup, which passes.'
    : 'Leave the tool out.'

function refuse(param: string, message: string): VitrineError {
  return new VitrineError('invalid_request', message, { param: param.slice(0, 80) })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
