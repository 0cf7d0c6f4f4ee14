import type { Thread } from '../../kernel-client/kernel-client'
import { natives } from '../node/natives'
import type { Runtime } from '../node/runtime'
import { realTimers } from '../node/timers'
import type { TestConfig } from './config'
import type { FileOutcome } from './engine'
import type { FromPoolWorker, OutputChunk, PoolStart, ToPoolWorker } from './pool-messages'
import { sumOfTotals } from './snapshots'

const maxWorkers = 8
/** What files leave behind in a Worker is small, but need not grow for ever. */
const filesPerWorker = 150
const checkEveryMs = 500
/**
 * A test may hold its thread for so many times its limit, and no less than so long, before its Worker is ended. In vitest
 * it has failed by then; in Jest and Node code that never yields may take as long as it wants, if it ends.
 */
const blockedLimits = { vitest: 12, jest: 40, node: 40 }
const minBlockedMs = 10_000
const maxLimitMs = 60_000

export interface PoolOptions {
  runtime: Runtime
  config: TestConfig
  namePattern: RegExp | undefined
  provided: Map<string, unknown>
  files: readonly string[]
  /** Places in `files`: which starts first. */
  startOrder: readonly number[]
  /** How many Workers run side by side. */
  size: number
  /** Called in the order of the files; answers whether to go on. */
  take(outcome: FileOutcome): boolean
}

/**
 * One core stays for the page where there are more than two; of two it takes what it needs from both. Each Worker shall
 * have more than one file to run, as it takes time to start.
 */
export function poolSize(files: number, wanted: number | null): number {
  const cores = natives.hardwareConcurrency
  return Math.max(1, Math.min(wanted ?? Math.max(cores - 1, Math.min(cores, 2)), maxWorkers, Math.ceil(files / 2)))
}

/** Whether other Workers can run files of this run: not where a config holds functions, or without a machine. */
export function canShare({ host }: Runtime, config: TestConfig, provided: ReadonlyMap<string, unknown>): boolean {
  if (host.kernel === undefined) return false
  try {
    natives.structuredClone([{ ...config, projects: [] }, provided])
    return true
  } catch {
    // A function cannot be sent; the files then run here, one after the other.
    return false
  }
}

/** A Worker and the file it runs. */
interface Slot {
  id: number
  thread: Thread
  index: number
  filesLeft: number
  /** The test that runs; empty between tests. */
  test: string
  limitMs: number
  heardAt: number
}

/** Runs files in Workers of their own. Results and output come in the order of the files, whichever ends first. */
export function runInPool(options: PoolOptions): Promise<void> {
  const { runtime, config, files, startOrder, size, take } = options
  const { host } = runtime
  const slots = new Set<Slot>()
  const outcomes = new Map<number, FileOutcome>()
  const output = new Map<number, OutputChunk[]>()
  let next = 0
  let head = 0

  return new Promise<void>((resolve) => {
    for (let id = 1; id <= size; id++) startSlot(id)
    watch()

    function startSlot(id: number) {
      if (next >= files.length) return
      const thread = startThread(options, id)
      const slot: Slot = { id, thread, index: 0, filesLeft: filesPerWorker, test: '', limitMs: 0, heardAt: 0 }
      slots.add(slot)
      thread.onMessage((message) => slots.has(slot) && receive(slot, message as FromPoolWorker))
      thread.onExit((exitCode) => {
        if (!slots.has(slot)) return
        replace(slot, `The process that ran this file ended with code ${exitCode} before the file was done.`)
      })
      giveFile(slot)
    }

    function giveFile(slot: Slot) {
      const index = startOrder[next] ?? next
      Object.assign(slot, {
        index,
        test: '',
        limitMs: 0,
        heardAt: realTimers.now(),
        filesLeft: slot.filesLeft - 1,
      })
      const message: ToPoolWorker = { file: files[index] ?? '' }
      next += 1
      slot.thread.post(message, [])
    }

    function receive(slot: Slot, message: FromPoolWorker) {
      slot.heardAt = realTimers.now()
      if (message.type === 'test') Object.assign(slot, { test: message.name, limitMs: message.limitMs })
      else if (message.type === 'output') show(slot.index, message.chunks)
      else if (message.type === 'ended') {
        ended(slot.index, message.outcome)
        if (next >= files.length) stop(slot)
        else if (slot.filesLeft > 0) giveFile(slot)
        else {
          stop(slot)
          startSlot(slot.id)
        }
      }
    }

    function show(index: number, chunks: OutputChunk[]) {
      if (index === head) print(chunks)
      else output.set(index, (output.get(index) ?? []).concat(chunks))
    }

    function print(chunks: readonly OutputChunk[] = []) {
      for (const { stream, data } of chunks) host[stream](data)
    }

    function ended(index: number, outcome: FileOutcome) {
      outcomes.set(index, outcome)
      for (let done = outcomes.get(head); done !== undefined; done = outcomes.get(head)) {
        outcomes.delete(head)
        const goesOn = take(done)
        head += 1
        if (!goesOn || head === files.length) return finish()
        print(output.get(head))
        output.delete(head)
      }
    }

    function stop(slot: Slot) {
      slots.delete(slot)
      slot.thread.kill('SIGKILL')
    }

    /** The file of this Worker fails; another Worker goes on with the rest. */
    function replace(slot: Slot, why: string) {
      stop(slot)
      ended(slot.index, brokenOutcome(files[slot.index] ?? '', config, { slot, why }))
      startSlot(slot.id)
    }

    function watch() {
      realTimers.setTimeout(() => {
        if (head >= files.length) return
        const now = realTimers.now()
        for (const slot of [...slots]) {
          const silentMs = now - slot.heardAt
          if (silentMs > blockedMs(config, slot.limitMs)) replace(slot, blockedSentence(silentMs))
        }
        watch()
      }, checkEveryMs)
    }

    function finish() {
      head = files.length
      next = files.length
      for (const slot of [...slots]) stop(slot)
      resolve()
    }
  })
}

function startThread({ runtime, config, namePattern, provided }: PoolOptions, workerId: number): Thread {
  const { host, process } = runtime
  const { kernel } = host
  if (kernel === undefined) throw new Error('Workers for test files need the machine.')
  const start: PoolStart = { runsTestFiles: true, config: { ...config, projects: [] }, namePattern, provided, workerId }
  const request = {
    argv: host.argv,
    cwd: process.cwd(),
    env: { ...process.env },
    detached: false,
    stdio: [{ kind: 'ignore' as const }, { kind: 'inherit' as const, fd: 1 }, { kind: 'inherit' as const, fd: 2 }],
  }
  return kernel.spawnThread(request, start, [])
}

const blockedMs = ({ testTimeout, flavour }: TestConfig, ownLimitMs: number) =>
  Math.max(minBlockedMs, blockedLimits[flavour] * Math.min(Math.max(testTimeout, ownLimitMs), maxLimitMs))

const blockedSentence = (ms: number) =>
  `It has kept its thread busy for ${Math.round(ms / 1000)} s without a pause, so it was stopped: an endless loop? The tests of this file that came after it did not run.`

function brokenOutcome(
  file: string,
  { name }: TestConfig,
  { slot, why }: { slot: Pick<Slot, 'test'>; why: string },
): FileOutcome {
  const failure = { headline: why, diff: '', location: null, frames: [], frame: '' }
  const tests = slot.test === '' ? [] : [{ name: slot.test, status: 'failed' as const, durationMs: 0, error: why }]
  return {
    result: {
      suite: { file, tests, ...(slot.test === '' ? { error: why } : {}) },
      titles: tests.map(({ name }) => name.split(' > ')),
      failures: [{ name: slot.test, failure }],
      durationMs: 0,
      project: name,
    },
    unhandled: [],
    snapshots: sumOfTotals([]),
    coverage: null,
  }
}
