// Served as `/@react-refresh`: what instrumented modules call, on React's own refresh runtime.
import * as runtime from 'react-refresh/runtime'
import type { HotContext } from './hot-context'

runtime.injectIntoGlobalHook(window)

export function register(type: unknown, id: string): void {
  runtime.register(type, id)
}

export function sign(type: unknown, key: string, customHooks: () => unknown[]): void {
  runtime.setSignature(type, key, false, customHooks)
}

let refreshing: ReturnType<typeof setTimeout> | undefined

/** The module takes its own updates as long as all it exports is components. */
export function boundary(id: string, current: Record<string, unknown>, hot: HotContext): void {
  for (const [name, value] of Object.entries(current)) {
    if (runtime.isLikelyComponentType(value)) runtime.register(value, `${id} export ${name}`)
  }
  hot.accept((next) => {
    if (!next) return
    const problem = problemWith(current, next)
    if (problem !== null) return hot.invalidate(problem)
    clearTimeout(refreshing)
    refreshing = setTimeout(() => runtime.performReactRefresh(), 0)
  })
}

function problemWith(before: Record<string, unknown>, after: Record<string, unknown>): string | null {
  const names = Object.keys(after)
  if (Object.keys(before).some((name) => !names.includes(name))) return 'an export is gone'
  const other = names.find((name) => !runtime.isLikelyComponentType(after[name]) && before[name] !== after[name])
  return other === undefined ? null : `the export “${other}” is no component`
}
