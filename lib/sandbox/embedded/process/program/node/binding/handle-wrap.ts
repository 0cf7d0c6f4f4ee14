import { createAsyncResource } from './async-resource'
import type { BindingContext } from './context'

/** Node's `HandleWrap`: what can be open, is closed once, and holds the event loop while it is active. */
function createHandleWrap(context: BindingContext) {
  const active = new Set<object>()
  context.onLeave(() => active.size === 0)

  return class HandleWrap extends createAsyncResource(context) {
    #isReferenced = true
    #isActive = false
    #isClosing = false
    #isClosed = false
    #release: (() => void) | null = null

    get isBeingClosed(): boolean {
      return this.#isClosing
    }

    /** Whether something is under way that keeps the process alive, unless unreferenced. */
    setActive(isActive: boolean): void {
      this.#isActive = isActive
      this.#settle()
    }

    ref(): void {
      this.#isReferenced = true
      this.#settle()
    }

    unref(): void {
      this.#isReferenced = false
      this.#settle()
    }

    /** `undefined` once it is gone. */
    hasRef(): boolean | undefined {
      return this.#isClosed ? undefined : this.#isReferenced
    }

    close(done?: () => void): void {
      if (this.#isClosing) return
      this.#isClosing = true
      this.#settle()
      this.onClose()
      context.loop.deferClose(() => {
        this.#isClosed = true
        if (typeof done === 'function') this.runInContext(() => done.call(this))
        this.destroyAsyncId()
      })
    }

    /** For what is gone at once, without a turn of the loop. */
    protected vanish(): void {
      this.#isClosing = true
      this.#isClosed = true
      this.#settle()
      this.destroyAsyncId()
    }

    /** Gives up what stands behind the handle. */
    protected onClose(): void {}

    #settle(): void {
      if (this.#isActive && !this.#isClosing) active.add(this)
      else active.delete(this)
      const holds = this.#isActive && this.#isReferenced && !this.#isClosing
      if (holds) this.#release ??= context.hold()
      else {
        this.#release?.()
        this.#release = null
      }
    }
  }
}

type HandleWrapClass = ReturnType<typeof createHandleWrap>
const classes = new WeakMap<BindingContext, HandleWrapClass>()

export function handleWrapOf(context: BindingContext): HandleWrapClass {
  const known = classes.get(context)
  if (known) return known
  const made = createHandleWrap(context)
  classes.set(context, made)
  return made
}
