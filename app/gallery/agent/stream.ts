import type { AgentEvent } from '@/lib/agent'
import type { StoreApi } from '@/lib/base'
import type { AgentState } from '@/lib/session/types'

const deltas = 2000
const perFrameMs = 16

/** Streams 2,000 deltas of a long answer into the thread, some a frame; prints how long frames took. */
export function playStream(state: StoreApi<AgentState>): () => void {
  const turnId = 'stream'
  const base = { turnId, at: Date.now() }
  const events: AgentEvent[] = [
    {
      ...base,
      seq: 1,
      type: 'turn-start',
      text: 'Write a long answer.',
      mode: 'ask',
      model: 'demo',
      policy: 'review',
      promptPack: 'v1',
    },
    { ...base, seq: 2, type: 'step-start', step: 1, items: 4, prefixItems: 0, bytes: 4000 },
    { ...base, seq: 3, type: 'text-start', itemKey: 'answer' },
  ]
  let sent = 0
  const gaps: number[] = []
  let last = performance.now()
  let frame = 0
  const measure = () => {
    gaps.push(performance.now() - last)
    last = performance.now()
    frame = requestAnimationFrame(measure)
  }
  frame = requestAnimationFrame(measure)
  const timer = setInterval(() => {
    for (let i = 0; i < 4 && sent < deltas; i++, sent++) {
      events.push({
        ...base,
        seq: 4 + sent,
        type: 'text-delta',
        itemKey: 'answer',
        delta: pieces[sent % pieces.length] ?? '',
      })
    }
    state.setState({ events: [...events], running: sent < deltas, turnId })
    if (sent < deltas) return
    clearInterval(timer)
    cancelAnimationFrame(frame)
    gaps.sort((a, b) => a - b)
    const at = (share: number) => gaps[Math.floor((gaps.length - 1) * share)]?.toFixed(1)
    console.info(`stream: ${deltas} deltas, frame gap p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms`)
  }, perFrameMs)
  return () => {
    clearInterval(timer)
    cancelAnimationFrame(frame)
  }
}

const pieces =
  'The total of a cart is the sum of its items. `applyDiscount` takes a share off that sum, rounds it to whole cents and never goes below zero.\n\n- Prices are in cents\n- Discounts are in percent\n\n```ts\nconst total = applyDiscount(subtotal(items), percentOff)\n```\n\n'.match(
    /\s*\S+\s*/g,
  ) ?? []
