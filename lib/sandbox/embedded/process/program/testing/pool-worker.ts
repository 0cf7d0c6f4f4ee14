import type { ProcessHost } from '../../host'
import type { ThreadLink } from '../../kernel-client/kernel-client'
import { createRuntime } from '../node/runtime'
import { realTimers } from '../node/timers'
import { startCoverage } from './coverage'
import { createEngine } from './engine'
import { type FromPoolWorker, isPoolStart, type OutputChunk, type PoolStart, type ToPoolWorker } from './pool-messages'

const aliveEveryMs = 1000

/** What this process has to run of another's test files; null where it was started for something else. */
export function poolStartOf({ kernel }: ProcessHost): { link: ThreadLink; start: PoolStart } | null {
  const link = kernel?.thread
  return link && isPoolStart(link.data) ? { link, start: link.data } : null
}

/** Runs the files that it is sent until it is stopped. Programs see a process like any other, not a thread. */
export async function runPoolWorker(
  host: ProcessHost,
  { link, start }: { link: ThreadLink; start: PoolStart },
): Promise<number> {
  const { config, provided, namePattern, workerId } = start
  const output = createOutput((chunks) => link.post({ type: 'output', chunks } satisfies FromPoolWorker, []))
  const post = (message: FromPoolWorker) => {
    output.flush()
    link.post(message, [])
  }
  const runtime = createRuntime({
    ...host,
    ...(host.kernel && { kernel: { ...host.kernel, thread: null } }),
    stdout: (data) => output.write('stdout', data),
    stderr: (data) => output.write('stderr', data),
  })
  const engine = createEngine(runtime, config, {
    provided,
    workerId,
    coverage: config.coverage.isOn ? startCoverage(runtime, config) : null,
    onTest: (name, limitMs) => post({ type: 'test', name, limitMs }),
  })
  const files: string[] = []
  let wake = () => {}
  link.onMessage((message) => {
    files.push((message as ToPoolWorker).file)
    wake()
  })
  beat(post)
  for (;;) {
    const file = files.shift()
    if (file === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      continue
    }
    output.begin()
    post({ type: 'ended', outcome: await engine.run(file, namePattern) })
  }
}

function beat(post: (message: FromPoolWorker) => void) {
  realTimers.setTimeout(() => {
    post({ type: 'alive' })
    beat(post)
  }, aliveEveryMs)
}

/** Of one file: so many pieces leave at once, as the next line may never end; from then on they are joined. */
const piecesAtOnce = 100
const joinedBytes = 32 * 1024
const joinedMs = 20
const maxFileBytes = 16 * 1024 * 1024

function createOutput(send: (chunks: OutputChunk[]) => void) {
  let chunks: OutputChunk[] = []
  let waiting = 0
  let pieces = 0
  let left = maxFileBytes
  let timer: ReturnType<typeof setTimeout> | undefined
  function flush() {
    realTimers.clearTimeout(timer)
    timer = undefined
    waiting = 0
    if (chunks.length > 0) send(chunks)
    chunks = []
  }
  return {
    flush,
    begin() {
      pieces = 0
      left = maxFileBytes
    },
    write(stream: OutputChunk['stream'], data: string | Uint8Array) {
      if (left < 0) return
      left -= data.length
      const note = `\n[more than ${maxFileBytes / 1024 / 1024} MB of output of one test file; the rest is not shown]\n`
      // The bytes may lie in a large buffer, which would be sent whole.
      chunks.push({ stream, data: left < 0 ? note : typeof data === 'string' ? data : data.slice() })
      waiting += data.length
      pieces += 1
      if (pieces <= piecesAtOnce || waiting >= joinedBytes) flush()
      else timer ??= realTimers.setTimeout(flush, joinedMs)
    },
  }
}
