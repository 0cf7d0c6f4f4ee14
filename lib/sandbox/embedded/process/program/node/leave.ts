import { installAsyncHelpers, useInLoweredCode } from './async-helpers'
import { forgetFrames } from './binding/async-context'
import { leaveLibrary } from './library/booted'
import { natives } from './natives'
import type { Runtime } from './runtime'
import { hasOwnTimeZone } from './time-zone'
import { rememberWorld } from './world'

/** What programs leave in a Worker is small (modules that the browser keeps), but need not grow for ever. */
const maxPrograms = 100

/** Node's own objects lead to these. */
const browserObjects = [natives.DOMException, natives.MessagePort, natives.Blob]
let programs = 0

/**
 * Call before the program's first line. The answer, called after its end, says whether the Worker's next program finds
 * everything as if it were the first: a new library of Node's, and the language's own objects as they were.
 */
export function prepareToLeave({ host, nextTurn }: Runtime): () => Promise<boolean> {
  // Dates of another zone are the language's, replaced.
  if (hasOwnTimeZone()) return async () => false
  installAsyncHelpers()
  const world = rememberWorld(browserObjects)
  let isSpent = ++programs >= maxPrograms
  noticeWaits(() => {
    isSpent = true
  })
  return async () => {
    // What `exit` listeners have begun runs out, unheard.
    host.mute?.()
    await nextTurn()
    if (isSpent || hasOwnTimeZone() || !world.restore()) return false
    forgetFrames()
    useInLoweredCode()
    try {
      return leaveLibrary()
    } catch {
      // The program has changed what its library stands on.
      return false
    }
  }
}

/** The one thing that a program can wait for without the event loop's knowing. */
function noticeWaits(onWait: () => void): void {
  const { waitAsync } = Atomics as { waitAsync?: (...values: unknown[]) => unknown }
  if (waitAsync === undefined) return
  const value = Object.defineProperty(
    (...values: unknown[]) => {
      onWait()
      return Reflect.apply(waitAsync, Atomics, values)
    },
    'name',
    { value: 'waitAsync' },
  )
  Object.defineProperty(Atomics, 'waitAsync', { value, writable: true, configurable: true, enumerable: false })
}
