import type { WebContainer } from '@webcontainer/api'
import { encodeUtf8 } from '@/lib/base'
import type { ExitStatus, SandboxProcess, SpawnOptions } from '../types'

const maxOutputBytes = 5 * 1024 * 1024
const cutNotice = `\n[more than ${maxOutputBytes / 1024 / 1024} MB of output; the rest is not shown]\n`
/** A program that has not ended so long after Ctrl+C is killed. */
const interruptGraceMs = 400
/** Output that is still on its way when the exit code arrives gets this long. */
const drainMs = 500
const signalCodes = { SIGINT: 130, SIGTERM: 143, SIGKILL: 137 } as const

/** Runs a line in the vendor's shell. Its output merges stdout and stderr; all of it is told as stdout. */
export async function spawnInContainer(
  container: WebContainer,
  pid: number,
  command: string,
  options: SpawnOptions,
): Promise<SandboxProcess> {
  const { cwd, env, stdin, timeoutMs, signal, terminal } = options
  const child = await container.spawn('jsh', ['-c', command], {
    ...(cwd && { cwd }),
    ...(env && { env }),
    ...(terminal && { terminal: { cols: terminal.columns, rows: terminal.rows } }),
  })
  const listeners = new Set<Parameters<SandboxProcess['onOutput']>[0]>()
  const early: Uint8Array[] = []
  const input = child.input.getWriter()
  const decoder = new TextDecoder()
  // A process that has ended takes no input; that is no news to whoever writes.
  const ignoreClosed = () => 'The process has ended.'
  let isOver = false
  let outputBytes = 0
  let endedAs: ExitStatus | undefined

  function tell(data: Uint8Array) {
    if (listeners.size === 0) early.push(data)
    for (const listener of listeners) listener({ stream: 'stdout', data })
  }
  const output = child.output.pipeTo(
    new WritableStream({
      write(text) {
        if (outputBytes > maxOutputBytes) return
        const data = encodeUtf8(text)
        tell(data.subarray(0, maxOutputBytes - outputBytes))
        outputBytes += data.byteLength
        if (outputBytes > maxOutputBytes) tell(encodeUtf8(cutNotice))
      },
    }),
  )
  const end = (status: ExitStatus) => {
    endedAs ??= status
    child.kill()
  }
  const kill: SandboxProcess['kill'] = (name = 'SIGTERM') => {
    const status = { exitCode: signalCodes[name], timedOut: false }
    if (name !== 'SIGINT') return end(status)
    // The one signal that the vendor's interface can deliver: Ctrl+C of the terminal. A listener may handle it.
    input.write('\u0003').catch(ignoreClosed)
    setTimeout(() => !isOver && end(status), interruptGraceMs)
  }
  const onAbort = () => kill('SIGKILL')
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => end({ exitCode: 124, timedOut: true }), timeoutMs)
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()

  async function waitForExit(): Promise<ExitStatus> {
    const exitCode = await child.exit.catch(() => 1)
    isOver = true
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    const drained = output.catch(() => 'The container is gone; so is the rest of the output.')
    await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, drainMs))])
    return endedAs ?? { exitCode, timedOut: false }
  }

  const process: SandboxProcess = {
    pid,
    command,
    exit: waitForExit(),
    kill,
    onOutput(listener) {
      listeners.add(listener)
      for (const data of early.splice(0)) listener({ stream: 'stdout', data })
      return () => listeners.delete(listener)
    },
    write(data) {
      input.write(typeof data === 'string' ? data : decoder.decode(data, { stream: true })).catch(ignoreClosed)
    },
    closeStdin() {
      // A pseudo-terminal has no end of input; Ctrl+D says it.
      input.write('\u0004').catch(ignoreClosed)
    },
    resize: ({ columns, rows }) => child.resize({ cols: columns, rows }),
  }
  if (stdin !== undefined) {
    process.write(stdin)
    process.closeStdin()
  }
  return process
}
