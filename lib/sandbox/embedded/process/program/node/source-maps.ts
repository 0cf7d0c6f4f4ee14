import type { Library } from './library/library'

interface Cache {
  getSourceMapsSupport(): { enabled: boolean }
  maybeCacheSourceMap(file: string, code: string, holder: object, isEval: boolean, url: undefined, map: string): void
}
type Prepare = (error: Error, sites: unknown[]) => string

/** What `--enable-source-maps` and `process.setSourceMapsEnabled` ask for, by Node's own library. */
export interface SourceMaps {
  isOn(): boolean
  /** Keeps the source map that the code of a module names. */
  remember(path: string, code: string): void
  /** A stack with the places that the maps tell. */
  prepareStackTrace: Prepare
}

const reference = /\/[*/]#\s+sourceMappingURL=(\S+)/g

export function createSourceMaps({ require }: Library): SourceMaps {
  const cache = () => require<Cache & Record<string, unknown>>('internal/source_map/source_map_cache')
  /** The library keeps a map for as long as there is the object that stands for its module. */
  const holders: object[] = []
  const isOn = () => cache().getSourceMapsSupport().enabled
  return {
    isOn,
    remember(path, code) {
      if (!isOn()) return
      const url = [...code.matchAll(reference)].at(-1)?.[1]
      if (url === undefined) return
      const holder = {}
      holders.push(holder)
      cache().maybeCacheSourceMap(path, code, holder, false, undefined, url)
    },
    prepareStackTrace: (error, sites) =>
      require<
        Record<'prepareStackTraceWithSourceMaps', Prepare>
      >('internal/source_map/prepare_stack_trace').prepareStackTraceWithSourceMaps(error, sites),
  }
}
