import { installEngineFlags } from '../library/engine-flags'
import { librarySize } from '../library/text'
import { natives } from '../natives'
import type { Binding, BindingContext } from './context'

interface Memory {
  heapUsed: number
  heapTotal: number
  /** Outside the heap: what the process holds of the machine's files. */
  external: number
  limit: number
}

const page = 256 * 1024
const heldMs = 250
/** Files are counted for at most this part of the time, however many there are. */
const share = 0.02

/**
 * What a process is known to hold. A browser tells a Worker nothing of its heap, so this is the least it can be: the
 * library's text, the program's modules and the files.
 */
export function createMemoryMeter(context: BindingContext): () => Memory {
  const files = (folder: string): number => {
    const { fs } = context.host
    return fs.readdir(folder).reduce((sum, name) => {
      const path = `${folder === '/' ? '' : folder}/${name}`
      const stat = fs.lstat(path)
      return sum + (stat.kind === 'directory' ? files(path) : stat.size)
    }, 0)
  }
  let known: Memory | null = null
  let heldUntil = 0
  return () => {
    const now = natives.now()
    if (known !== null && now < heldUntil) return known
    const total = Math.ceil(librarySize / page) * page
    known = { heapUsed: librarySize, heapTotal: total, external: files('/'), limit: machineMemory() }
    heldUntil = natives.now() + Math.max(heldMs, (natives.now() - now) / share)
    return known
  }
}

/** Browsers round it and tell at most 8 GiB; those that tell nothing have 4 on most machines. */
export const machineMemory = () => (natives.deviceMemory ?? 4) * 2 ** 30

export function createV8Binding(context: BindingContext): Binding {
  const values = context.constants('v8') as Record<string, number>
  const measure = createMemoryMeter(context)
  const heapStatisticsBuffer = new Float64Array(14)
  const heapCodeStatisticsBuffer = new Float64Array(4)
  const heapSpaceStatisticsBuffer = new Float64Array(5)
  const put = (target: Float64Array, entries: Record<string, number>) => {
    for (const [name, value] of Object.entries(entries)) target[values[name] ?? 0] = value
  }
  const refuse = (what: string) => () => {
    throw context.unavailable(`${what} is not available in the sandbox: a browser does not let a program do that.`)
  }
  return {
    ...values,
    heapStatisticsBuffer,
    heapCodeStatisticsBuffer,
    heapSpaceStatisticsBuffer,
    updateHeapStatisticsBuffer() {
      const { heapUsed, heapTotal, external, limit } = measure()
      put(heapStatisticsBuffer, {
        kTotalHeapSizeIndex: heapTotal,
        kTotalPhysicalSizeIndex: heapTotal,
        kTotalAvailableSize: limit - heapTotal,
        kUsedHeapSizeIndex: heapUsed,
        kHeapSizeLimitIndex: limit,
        kNumberOfNativeContextsIndex: 1,
        kExternalMemoryIndex: external,
      })
    },
    updateHeapCodeStatisticsBuffer: () =>
      put(heapCodeStatisticsBuffer, { kExternalScriptSourceSizeIndex: measure().heapUsed }),
    updateHeapSpaceStatisticsBuffer(index: number) {
      const isOld = (values.kHeapSpaces as unknown as string[])[index] === 'old_space'
      const { heapUsed, heapTotal } = measure()
      put(heapSpaceStatisticsBuffer, {
        kSpaceSizeIndex: isOld ? heapTotal : 0,
        kSpaceUsedSizeIndex: isOld ? heapUsed : 0,
        kSpaceAvailableSizeIndex: isOld ? heapTotal - heapUsed : 0,
        kPhysicalSpaceSizeIndex: isOld ? heapTotal : 0,
      })
    },
    cachedDataVersionTag: () => 0,
    setFlagsFromString: (flag: string) => installEngineFlags([flag]),
    isStringOneByteRepresentation: (text: string) => !/[^\0-\xff]/.test(text),
    setHeapSnapshotNearHeapLimit: refuse('v8.setHeapSnapshotNearHeapLimit()'),
    getCppHeapStatistics: refuse('v8.getCppHeapStatistics()'),
    GCProfiler: class GCProfiler {
      start = refuse('v8.GCProfiler')
    },
  }
}
