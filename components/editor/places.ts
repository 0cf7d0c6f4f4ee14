import type { Session } from '@/lib/session/types'
import type { Place } from '../workbench/workbench'

const memoryKey = 'places'
const maxPlaces = 50
const writeDelayMs = 400

/** Where the cursor was when the file was last open. */
export function rememberedPlace(memory: Session['memory'], path: string): Place | undefined {
  return memory.get<Record<string, Place>>(memoryKey)?.[path]
}

/** Remembers where the cursor was in each file, across reloads. */
export function createPlaces(memory: Session['memory']) {
  const places = new Map(Object.entries(memory.get<Record<string, Place>>(memoryKey) ?? {}))
  const visited = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const write = () => memory.set(memoryKey, Object.fromEntries([...places].slice(-maxPlaces)))
  return {
    /** The remembered place, once per file and tab: afterwards the editor knows better. */
    firstVisit(path: string): Place | null {
      if (visited.has(path)) return null
      visited.add(path)
      return places.get(path) ?? null
    },
    moved(path: string, place: Place) {
      places.delete(path)
      places.set(path, place)
      clearTimeout(timer)
      timer = setTimeout(write, writeDelayMs)
    },
  }
}
