import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import type { RouteHandler } from '../handle'
import { type Loopback, type LoopbackRequest, pageRequest, startLoopback } from './loopback'

export const upstreamKey = 'sk-CANARY-do-not-leak-0123456789'

/** Gives each test of a file a model server of its own, and sees that no log line ever holds the key. */
export function useUpstream() {
  let upstream: Loopback | null = null

  beforeEach(() => {
    vi.spyOn(console, 'info').mockImplementation(() => {})
    vi.stubEnv('VITRINE_REQUESTS_PER_MINUTE', '100000')
    vi.stubEnv('VITRINE_MODELS', undefined)
  })
  afterEach(async () => {
    const logged = JSON.stringify(vi.mocked(console.info).mock.calls)
    await upstream?.close()
    upstream = null
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
    expect(logged).not.toContain('CANARY')
  })

  return async (answer: (request: LoopbackRequest, response: ServerResponse) => void): Promise<Loopback> => {
    upstream = await startLoopback(answer)
    vi.stubEnv('OPENAI_BASE_URL', upstream.url)
    vi.stubEnv('OPENAI_API_KEY', upstreamKey)
    return upstream
  }
}

/** Asks a route for a response as a page does. */
export const askOf =
  (post: RouteHandler) =>
  (body: Record<string, unknown> = {}, init: RequestInit = {}): Promise<Response> => {
    const input = [{ type: 'message', role: 'user', content: [] }]
    return post(pageRequest('/api/v1/responses', { model: 'gpt-5.5', input, stream: true, ...body }, init))
  }

export function startStream(response: ServerResponse): ServerResponse {
  const headers = { 'content-type': 'text/event-stream', 'set-cookie': 'a=b', 'openai-organization': 'org-1' }
  return response.writeHead(200, headers)
}

export const completed = {
  type: 'response.completed',
  sequence_number: 99,
  response: { id: 'r', status: 'completed', output: [] },
}

export function eventsIn(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)))
}
