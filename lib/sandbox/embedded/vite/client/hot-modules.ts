import type { HotContext, HotUpdate } from './hot-context'

export type Exports = Record<string, unknown>

interface Acceptance {
  dependencies: readonly string[]
  callback(modules: (Exports | undefined)[]): void
}
interface HotModule {
  acceptances: Acceptance[]
  disposers: ((data: Record<string, unknown>) => void)[]
  pruners: ((data: Record<string, unknown>) => void)[]
  data: Record<string, unknown>
  origin: HotOrigin
}

/** What a module that runs is made from. */
export interface HotOrigin {
  /** The time of the last change that is in it. */
  changedAt: number
  /** The address that it was loaded by. */
  address: string
}

/** The page's modules as updates find them. A module that is still on its way gets what came for it when it has run. */
export interface HotModules {
  /** A module runs, as `owner`: what it says of updates from now on. */
  enter(owner: string, origin: HotOrigin): Pick<HotContext, 'data' | 'accept' | 'dispose' | 'prune'>
  /** Loads a change; what is answered hands it to those that take it. */
  load(update: HotUpdate): Promise<() => void>
  /** Nobody imports `owner` any more since then. */
  prune(owner: string, at: number): void
}

export interface HotModulesOptions {
  import(address: string): Promise<Exports>
  /** Updates that came before the module that takes them, and that are not in it. */
  onMissed(updates: HotUpdate[]): void
}

export function createHotModules({ import: load, onMissed }: HotModulesOptions): HotModules {
  const modules = new Map<string, HotModule>()
  const early = new Map<string, HotUpdate[]>()
  const prunedAt = new Map<string, number>()

  const hasRun = ({ origin }: HotModule) =>
    load(origin.address).then(
      () => undefined,
      () => undefined,
    )

  function acceptancesOf({ path, accepted, timestamp }: HotUpdate): Acceptance[] {
    const module = modules.get(path)
    // It may have been loaded for another update, with this one in it.
    if (!module || module.origin.changedAt >= timestamp) return []
    return module.acceptances.filter(({ dependencies }) => dependencies.includes(accepted))
  }

  async function takersOf(update: HotUpdate): Promise<Acceptance[]> {
    const module = modules.get(update.path)
    if (!module) {
      const others = (early.get(update.path) ?? []).filter(({ accepted }) => accepted !== update.accepted)
      early.set(update.path, [...others, update])
      return []
    }
    const takers = acceptancesOf(update)
    if (takers.length > 0) return takers
    await hasRun(module)
    return acceptancesOf(update)
  }

  function undo({ pruners, data }: HotModule) {
    for (const prune of pruners) prune(data)
  }

  function accept(owner: string, first: unknown, callback?: (...values: never[]) => void): Acceptance | null {
    const call = callback as ((value: unknown) => void) | undefined
    if (typeof first === 'function' || first === undefined) {
      return { dependencies: [owner], callback: ([own]) => first?.(own) }
    }
    if (typeof first === 'string') return { dependencies: [first], callback: ([one]) => call?.(one) }
    return Array.isArray(first) ? { dependencies: first, callback: (all) => call?.(all) } : null
  }

  return {
    enter(owner, origin) {
      const data = modules.get(owner)?.data ?? {}
      const module: HotModule = { acceptances: [], disposers: [], pruners: [], data, origin }
      modules.set(owner, module)
      const missed = (early.get(owner) ?? []).filter(({ timestamp }) => timestamp > origin.changedAt)
      early.delete(owner)
      if (missed.length > 0) onMissed(missed)
      if ((prunedAt.get(owner) ?? 0) > origin.changedAt) void hasRun(module).then(() => undo(module))
      return {
        data,
        accept(first?: unknown, callback?: (...values: never[]) => void) {
          const acceptance = accept(owner, first, callback)
          if (acceptance) module.acceptances.push(acceptance)
        },
        dispose: (callback) => void module.disposers.push(callback),
        prune: (callback) => void module.pruners.push(callback),
      }
    },
    async load(update) {
      const takers = await takersOf(update)
      if (takers.length === 0) return () => undefined
      const { accepted, timestamp } = update
      const disposed = modules.get(accepted)
      for (const dispose of disposed?.disposers ?? []) dispose(disposed?.data ?? {})
      const next = await load(stamped(accepted, timestamp))
      return () => {
        for (const { dependencies, callback } of takers) {
          callback(dependencies.map((dependency) => (dependency === accepted ? next : undefined)))
        }
      }
    },
    prune(owner, at) {
      prunedAt.set(owner, at)
      const module = modules.get(owner)
      if (module && module.origin.changedAt < at) undo(module)
    },
  }
}

/** The address of what changed then: another one, so that it is loaded again. */
export const stamped = (address: string, timestamp: number) =>
  `${address}${address.includes('?') ? '&' : '?'}t=${timestamp}`
