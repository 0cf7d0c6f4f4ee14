import type { BindingContext } from './context'

export interface HandleWrapClass {
  new (): HandleWrapInstance
}

export interface HandleWrapInstance {
  /** Whether something is under way that keeps the process alive, unless unreferenced. */
  setActive(isActive: boolean): void
  close(done?: () => void): void
  ref(): void
  unref(): void
  hasRef(): boolean
  readonly isClosing: boolean
}

const classes = new WeakMap<BindingContext, HandleWrapClass>()

/** Node's `HandleWrap`: what can be open, is closed once, and holds the event loop while it is active. */
export function handleWrapOf(context: BindingContext): HandleWrapClass {
  const known = classes.get(context)
  if (known) return known
  let lastAsyncId = 1000

  class HandleWrap implements HandleWrapInstance {
    #isReferenced = true
    #isActive = false
    #isClosing = false
    #release: (() => void) | null = null
    readonly #asyncId = ++lastAsyncId

    get isClosing(): boolean {
      return this.#isClosing
    }

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

    hasRef(): boolean {
      return this.#isReferenced && !this.#isClosing
    }

    close(done?: () => void): void {
      if (this.#isClosing) return
      this.#isClosing = true
      this.#settle()
      this.onClose()
      context.loop.deferClose(() => {
        if (typeof done === 'function') context.callback(done, this)
      })
    }

    getAsyncId(): number {
      return this.#asyncId
    }

    getProviderType(): number {
      return 0
    }

    /** Gives up what stands behind the handle. */
    protected onClose(): void {}

    #settle(): void {
      const holds = this.#isActive && this.#isReferenced && !this.#isClosing
      if (holds) this.#release ??= context.hold()
      else {
        this.#release?.()
        this.#release = null
      }
    }
  }
  classes.set(context, HandleWrap)
  return HandleWrap
}
