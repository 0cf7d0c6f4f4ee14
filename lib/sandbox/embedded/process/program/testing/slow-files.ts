import { decodeUtf8 } from '@/lib/base'
import type { VirtualFs } from '../../host'
import type { SuiteResult } from './suite-result'

/** As Jest keeps its times: with the machine, and out of the project. */
const memory = '/tmp/vitrine-slow-tests.json'
/** Below this it hardly matters which file starts first. */
const slowMs = 500

/** What files took in earlier runs, so that the slowest start first and no core waits for the last one at the end. */
export interface SlowFiles {
  /** Places in `files` in the order to start them: what was slow first, all others as they come. */
  startOrder(files: readonly string[]): number[]
  learn(results: readonly Pick<SuiteResult, 'suite' | 'durationMs'>[]): void
}

export function openSlowFiles(fs: Pick<VirtualFs, 'exists' | 'readFile' | 'writeFile'>, root: string): SlowFiles {
  const known = new Map(readTimes(fs))
  const keyOf = (file: string) => `${root}/${file}`
  return {
    startOrder(files) {
      const msOf = (index: number) => known.get(keyOf(files[index] ?? '')) ?? 0
      return files.map((_, index) => index).sort((a, b) => msOf(b) - msOf(a))
    },
    learn(results) {
      let isNews = false
      for (const { suite, durationMs } of results) {
        const key = keyOf(suite.file)
        isNews ||= known.has(key) || durationMs >= slowMs
        if (durationMs < slowMs) known.delete(key)
        else known.set(key, Math.round(durationMs))
      }
      if (isNews) keepTimes(fs, known)
    },
  }
}

/** Anybody may write there: what is no list of times counts for nothing. */
function readTimes(fs: Pick<VirtualFs, 'exists' | 'readFile'>): [file: string, ms: number][] {
  try {
    const list: unknown = fs.exists(memory) ? JSON.parse(decodeUtf8(fs.readFile(memory)) ?? '') : []
    return Array.isArray(list) ? list.filter(isTime) : []
  } catch {
    return []
  }
}

function keepTimes(fs: Pick<VirtualFs, 'writeFile'>, known: ReadonlyMap<string, number>): void {
  try {
    fs.writeFile(memory, JSON.stringify([...known]))
  } catch {
    // A program has put a folder there or removed /tmp: the next run is in no better order, and right all the same.
  }
}

const isTime = (entry: unknown): entry is [string, number] =>
  Array.isArray(entry) && typeof entry[0] === 'string' && Number.isFinite(entry[1])
