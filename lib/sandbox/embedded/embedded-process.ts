import { encodeUtf8 } from '@/lib/base'
import type { ExitStatus, SandboxProcess, SpawnOptions } from '../types'
import type { Connection } from './connection'
import type { StreamName } from './protocol'

type OutputChunk = { stream: StreamName; data: Uint8Array }

/** The page's handle of a process. Output that comes before the first listener is kept for it. */
export function followProcess(
  connection: Connection,
  pid: number,
  command: string,
  signal: SpawnOptions['signal'],
): SandboxProcess {
  const listeners = new Set<(chunk: OutputChunk) => void>()
  let early: OutputChunk[] | null = []
  const kill: SandboxProcess['kill'] = (name = 'SIGTERM') => connection.send({ type: 'kill', pid, signal: name })
  const onAbort = () => kill('SIGKILL')

  const exit = new Promise<ExitStatus>((resolve) => {
    connection.follow(pid, {
      output(stream, data) {
        if (early) early.push({ stream, data })
        else for (const listener of listeners) listener({ stream, data })
      },
      exit(status) {
        signal?.removeEventListener('abort', onAbort)
        resolve(status)
      },
    })
  })
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()

  return {
    pid,
    command,
    exit,
    kill,
    onOutput(listener) {
      listeners.add(listener)
      const waiting = early ?? []
      early = null
      for (const chunk of waiting) listener(chunk)
      return () => listeners.delete(listener)
    },
    write(data) {
      connection.send({ type: 'stdin', pid, data: typeof data === 'string' ? encodeUtf8(data) : data })
    },
    closeStdin: () => connection.send({ type: 'stdin', pid, data: null }),
    resize: (size) => connection.send({ type: 'resize', pid, size }),
  }
}
