import { dirname } from '../builtins/path'
import type { ResolverFs } from '../loader/package-scope'
import { parsePackage } from './config'

/** Names of matchers that Jest 30 dropped. */
const oldNames = {
  toBeCalled: 'toHaveBeenCalled',
  toBeCalledTimes: 'toHaveBeenCalledTimes',
  toBeCalledWith: 'toHaveBeenCalledWith',
  lastCalledWith: 'toHaveBeenLastCalledWith',
  nthCalledWith: 'toHaveBeenNthCalledWith',
  toReturn: 'toHaveReturned',
  toReturnTimes: 'toHaveReturnedTimes',
  toReturnWith: 'toHaveReturnedWith',
  lastReturnedWith: 'toHaveLastReturnedWith',
  nthReturnedWith: 'toHaveNthReturnedWith',
  toThrowError: 'toThrow',
} as const

type Expect = ((...values: unknown[]) => object) & object

/** Jest's expect, with the old names beside the new ones. */
export function withOldNames<Given extends Expect>(expect: Given): Given {
  return new Proxy(expect, {
    apply(target, self, values: unknown[]) {
      return addOldNames(Reflect.apply(target, self, values) as Record<string, unknown>)
    },
  })
}

/** What `expect()` answers makes its matchers, and `not`, when they are asked for; so do these. */
function addOldNames(expectation: Record<string, unknown>): object {
  for (const [old, name] of Object.entries(oldNames)) {
    if (!(old in expectation))
      Object.defineProperty(expectation, old, { configurable: true, get: () => expectation[name] })
  }
  for (const way of ['not', 'resolves', 'rejects']) {
    const inner = Object.getOwnPropertyDescriptor(expectation, way)
    if (inner?.get === undefined) continue
    const get = () => addOldNames(inner.get?.() as Record<string, unknown>)
    Object.defineProperty(expectation, way, { ...inner, get })
  }
  return expectation
}

/** Whether the project's own Jest, by what is installed or asked for, still has them. Who has none gets both. */
export function hasOldNames(fs: ResolverFs, root: string): boolean {
  for (let folder = root; ; folder = dirname(folder)) {
    const installed = `${folder}/node_modules/jest/package.json`
    if (fs.isFile(installed)) return majorOf((JSON.parse(fs.readText(installed)) as { version?: string }).version) < 30
    if (folder === '/' || folder === '.') break
  }
  const path = `${root}/package.json`
  const { devDependencies, dependencies } = fs.isFile(path) ? parsePackage(fs.readText(path)) : {}
  return majorOf(devDependencies?.jest ?? dependencies?.jest) < 30
}

const majorOf = (version = '') => Number(/\d+/.exec(version)?.[0] ?? 0)
