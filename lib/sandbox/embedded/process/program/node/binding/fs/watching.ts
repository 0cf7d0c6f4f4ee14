import { natives } from '../../natives'
import type { AsyncResourceClass } from '../async-resource'
import { bufferFrom } from '../buffer'
import { decodeText, encodeText, toEncoding } from '../codec'
import type { BindingContext } from '../context'
import type { FsCalls } from './calls'
import { emptyStatArray, toStatArray } from './stats'

/** `fs.watch` and `fs.watchFile`: fed by the file system itself, whoever changes it. */
export function createWatchClasses(context: BindingContext, AsyncResource: AsyncResourceClass, fs: FsCalls) {
  let active = 0
  context.onLeave(() => active === 0)

  /** Keeps the process alive while it is referenced. */
  class Handle extends AsyncResource {
    #release: (() => void) | null = null
    #isReferenced = true
    protected isActive = false

    activate() {
      if (!this.isActive) active++
      this.isActive = true
      if (this.#isReferenced) this.#release ??= context.hold()
    }
    deactivate() {
      if (this.isActive) active--
      this.isActive = false
      this.#release?.()
      this.#release = null
    }
    ref() {
      this.#isReferenced = true
      if (this.isActive) this.activate()
    }
    unref() {
      this.#isReferenced = false
      this.#release?.()
      this.#release = null
    }
    hasRef() {
      return this.#isReferenced
    }
  }

  class FSEvent extends Handle {
    #stop: (() => void) | null = null
    constructor() {
      super('FSEVENTWRAP')
    }
    get initialized() {
      return this.isActive
    }
    start(path: string | Uint8Array, persistent: boolean, recursive: boolean, encoding: string): number {
      const watched = fs.toAbsolute(path)
      if (!context.host.fs.exists(watched)) return context.errnoOf('ENOENT')
      const root = context.host.fs.realpath(watched)
      const own = root.slice(root.lastIndexOf('/') + 1)
      this.#stop = context.host.fs.watch(({ path: changed, type }) => {
        const name = changed === root ? own : nameBelow(changed, root, recursive)
        if (name !== null)
          context.defer(() => this.isActive && this.makeCallback('onchange', 0, type, encode(name, encoding)))
      })
      this.activate()
      if (!persistent) this.unref()
      return 0
    }
    close() {
      this.#stop?.()
      this.#stop = null
      this.deactivate()
      this.destroyAsyncId()
    }
  }

  function encode(name: string, encoding: string) {
    if (encoding === 'buffer') return bufferFrom(context, encodeText(name, 'utf8'))
    return encoding === undefined || encoding === 'utf8'
      ? name
      : decodeText(encodeText(name, 'utf8'), toEncoding(encoding))
  }

  class StatWatcher extends Handle {
    readonly #isBig: boolean
    #timer: ReturnType<typeof setTimeout> | undefined
    constructor(isBig: boolean) {
      super('STATWATCHER')
      this.#isBig = isBig
    }
    start(path: string | Uint8Array, intervalMs: number): number {
      const watched = fs.toAbsolute(path)
      const read = () => {
        try {
          const { stat, kind } = fs.statOf(watched, true)
          return toStatArray(stat, this.#isBig, kind)
        } catch {
          return null
        }
      }
      let before = read()
      if (before === null) context.defer(() => this.#report(context.errnoOf('ENOENT'), null, null))
      const poll = () => {
        if (!this.isActive) return
        const now = read()
        if (String(now) !== String(before)) {
          const previous = before
          before = now
          context.loop.enter(() => this.#report(now === null ? context.errnoOf('ENOENT') : 0, now, previous))
        }
        this.#timer = natives.setTimeout(poll, intervalMs)
      }
      this.activate()
      this.#timer = natives.setTimeout(poll, intervalMs)
      return 0
    }
    #report(status: number, now: ReturnType<typeof toStatArray> | null, before: ReturnType<typeof toStatArray> | null) {
      if (!this.isActive) return
      const empty = emptyStatArray(this.#isBig)
      const both = [...(now ?? empty), ...(before ?? empty)]
      const fields = this.#isBig ? BigInt64Array.from(both as bigint[]) : Float64Array.from(both as number[])
      this.makeCallback('onchange', status, fields)
    }
    close() {
      natives.clearTimeout(this.#timer)
      this.deactivate()
      this.destroyAsyncId()
    }
  }
  return { FSEvent, StatWatcher }
}

/** The name inside the watched folder, as inotify gives it; null when the change is elsewhere. */
function nameBelow(path: string, folder: string, recursive: boolean): string | null {
  const prefix = folder === '/' ? '/' : `${folder}/`
  if (!path.startsWith(prefix)) return null
  const name = path.slice(prefix.length)
  return recursive || !name.includes('/') ? name : null
}
