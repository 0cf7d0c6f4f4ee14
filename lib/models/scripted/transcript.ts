import { outputText, partText } from '../content'
import type { MessageItem, ResponseItem, ResponsesRequest } from '../types'

/** A call that the script made since the user's last message, and what came of it. */
interface DoneCall {
  name: string
  /** Raw arguments or freeform text. */
  input: string
  output: string
}

/** What a script can see of a request: the user's last message and its own steps since then. */
export interface Transcript {
  userText: string
  /** All messages of the user, the last included. */
  asked: readonly string[]
  /** False in turns that only ask or plan. */
  mayChange: boolean
  /** What the user attached to it; empty when nothing. */
  attached: string
  calls: readonly DoneCall[]
  /** The last step's calls: what the next one reacts to. */
  lastCalls: readonly DoneCall[]
  freeformPatch: boolean
  /** Which of several attempts at the turn this is, from 1; null when it was told nothing of the kind. */
  attempt: number | null
}

export function readTranscript({ input, tools }: Pick<ResponsesRequest, 'input' | 'tools'>): Transcript {
  const start = input.findLastIndex((item) => isFromUser(item))
  const message = input[start]
  const since = input.slice(start + 1)
  const outputs = new Map(
    since.flatMap((item) => (isOutput(item) ? [[item.call_id, outputText(item.output)] as const] : [])),
  )
  const toCall = (item: ResponseItem): DoneCall[] => {
    if (item.type === 'function_call')
      return [{ name: item.name, input: item.arguments, output: outputs.get(item.call_id) ?? '' }]
    if (item.type === 'custom_tool_call')
      return [{ name: item.name, input: item.input, output: outputs.get(item.call_id) ?? '' }]
    return []
  }
  const lastOutput = since.findLastIndex(
    (item) => !isOutput(item) && !isCall(item) && item.type === 'message' && item.role === 'assistant',
  )
  return {
    userText: message && isFromUser(message) ? textOf(message) : '',
    asked: input.filter(isFromUser).map(textOf),
    mayChange: !/^<session>\n(?:Ask|Plan): /.test(lastSession(input)),
    attached: attachedTo(input, start),
    calls: since.flatMap(toCall),
    lastCalls: since.slice(lastOutput + 1).flatMap(toCall),
    attempt: attemptOf(since),
    freeformPatch: tools.some((tool) => tool.type === 'custom' && tool.name === 'apply_patch'),
  }
}

/** Files as `read_file` showed them, without line numbers: path → text. Files that could not be read are missing. */
export function filesRead({ calls }: Transcript): Map<string, string> {
  const files = new Map<string, string>()
  for (const { name, input, output } of calls) {
    const [head = '', ...lines] = output.split('\n')
    const path = name === 'read_file' ? pathOf(input) : null
    if (path === null || !/, lines 1[–-]/.test(head)) continue
    files.set(path, lines.map((line) => line.replace(/^\d+\t/, '')).join('\n'))
  }
  return files
}

/** `tests 5/6 passed` as the tools report it; null when the output has no such words. */
export function testCounts(output: string): { passed: number; total: number } | null {
  const found = /tests (\d+)\/(\d+) passed/.exec(output)
  return found ? { passed: Number(found[1]), total: Number(found[2]) } : null
}

/** The failing tests' names as the tools list them. */
export function failingTests(output: string): string[] {
  return [...output.matchAll(/^✗ (.+?)(?: \([^()]*\))?$/gm)].map((match) => match[1] ?? '')
}

/** Why a change was not made, when it was not. */
export function refusal(output: string): string | null {
  const first = output.split('\n')[0] ?? ''
  return /^(refused|stopped|interrupted|patch not applied|the patch)/i.test(first) ? first : null
}

function attachedTo(input: readonly ResponseItem[], start: number): string {
  const before = input[start - 1]
  const text = before?.type === 'message' && before.role === 'user' ? textOf(before) : ''
  return text.startsWith('<attachments>') ? text : ''
}

function attemptOf(items: readonly ResponseItem[]): number | null {
  const told = items.find(
    (item) => item.type === 'message' && item.role === 'developer' && /^<attempt /.test(textOf(item)),
  )
  const found = told?.type === 'message' ? /number="(\d)"/.exec(textOf(told)) : null
  return found ? Number(found[1]) : null
}

function pathOf(argumentsJson: string): string | null {
  try {
    const parsed: unknown = JSON.parse(argumentsJson)
    return typeof parsed === 'object' && parsed !== null && 'path' in parsed && typeof parsed.path === 'string'
      ? parsed.path
      : null
  } catch {
    return null
  }
}

/** How turns work now, as the agent was told. */
function lastSession(input: readonly ResponseItem[]): string {
  const texts = input.flatMap((item) => (item.type === 'message' && item.role === 'developer' ? textOf(item) : []))
  return texts.findLast((text) => text.startsWith('<session>')) ?? ''
}

/** Context that the client adds (environment, project instructions) is not what the user said. */
export function isFromUser(item: ResponseItem): item is MessageItem {
  return item.type === 'message' && item.role === 'user' && !/^<[a-z-]+/.test(textOf(item))
}

export function textOf(item: MessageItem): string {
  return item.content.map(partText).join('').trim()
}

function isCall(item: ResponseItem): boolean {
  return item.type === 'function_call' || item.type === 'custom_tool_call'
}

function isOutput(
  item: ResponseItem,
): item is Extract<ResponseItem, { type: 'function_call_output' | 'custom_tool_call_output' }> {
  return item.type === 'function_call_output' || item.type === 'custom_tool_call_output'
}
