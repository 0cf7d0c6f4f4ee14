import { whenIdle } from './when-idle'

const parts = [
  () => import('@/lib/agent/loop'),
  () => import('@/lib/agent/candidates'),
  () => import('@/lib/models/responses/client'),
  () => import('@/lib/share'),
]

/** In a quiet moment, fetches what turns, links and downloads need: they start at once then, even without the server. */
export function loadRestWhenIdle(): void {
  // Whoever needs a part asks for it again, and reports then what is wrong.
  whenIdle(() => void Promise.allSettled(parts.map((load) => load())), 10_000)
}
