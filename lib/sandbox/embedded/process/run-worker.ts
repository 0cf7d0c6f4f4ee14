import type { TestReport } from '../../types'
import { unpack } from '../packed-files'
import type { FromProcess, ProcessBoot, ToProcess } from '../protocol'
import { pinClock } from './clock'
import type { MachineHost, MachineProgram } from './machine-host'
import { systemFiles } from './system-files'
import { createVirtualFs } from './virtual-fs'
import { createWorkerHost, type WorkerHost } from './worker-host'

export interface ProcessPrograms {
  programs: Record<string, MachineProgram>
  /** Called at once with the bundle's files. */
  takeAssets?(assets: Record<string, unknown>): void
  runTests?(host: MachineHost, options: { files?: string[]; filter?: string; coverage?: boolean }): Promise<TestReport>
  /** What a Worker can do before its program is known. */
  prepare?(): unknown
}

/**
 * The main function of a process Worker: takes the files, waits for a program to run (a spare Worker may wait long), runs it.
 * After one that leaves nothing behind it may be given another.
 * The port stays in this closure; the Worker's own `postMessage` leads nowhere.
 */
export function runProcessWorker({ programs, runTests, prepare, takeAssets }: ProcessPrograms): void {
  pinClock()
  addEventListener('message', onBoot, { once: true })

  function onBoot(event: MessageEvent<ProcessBoot>) {
    const port = event.ports[0]
    if (!port) return
    takeAssets?.(event.data.assets ?? {})
    let announce: (path: string, mayWait?: boolean) => void = () => undefined
    const fs = createVirtualFs([...systemFiles(), ...unpack(event.data.files)], (path, _bytes, mayWait) =>
      announce(path, mayWait),
    )
    const post = (message: FromProcess, transfer: Transferable[] = []) => port.postMessage(message, transfer)
    let running: WorkerHost | undefined
    let filesTaken = 0

    // Without shared memory `exit` throws to stop the program; that error must not overtake the exit code at the kernel.
    addEventListener(
      'error',
      (error) => {
        if (!running?.hasEnded()) return
        error.preventDefault()
        error.stopImmediatePropagation()
      },
      true,
    )
    // Node has no global of this name: its library, once booted, hides it.
    const postToKernel = postMessage
    try {
      prepare?.()
    } catch {
      // The program meets it again and reports it.
    }
    // The one message that goes this way.
    postToKernel('ready')
    port.onmessage = ({ data }: MessageEvent<ToProcess>) => {
      if (data.type === 'files') filesTaken = data.number
      if (data.type === 'start') {
        const connect = (onChange: (path: string, mayWait?: boolean) => void) => {
          announce = onChange
          return fs
        }
        running = createWorkerHost(data.start, { connect, filesTaken }, post)
        void runProgram(running, data.start.test)
      } else if (running) running.receive(data)
      else if (data.type === 'files') fs.applyRemote(data.ops)
    }
  }

  async function runProgram(
    { host, report, finish }: WorkerHost,
    test: Parameters<NonNullable<typeof runTests>>[1] | null,
  ) {
    let exitCode = 1
    try {
      if (test && runTests) {
        report(await runTests(host, test))
        exitCode = 0
      } else {
        const name = host.argv[0] ?? ''
        const program = programs[name]
        if (!program) throw new Error(`The program “${name}” is not part of this bundle.`)
        exitCode = await program(host)
      }
    } catch (error) {
      host.stderr(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    }
    finish(exitCode)
  }
}
