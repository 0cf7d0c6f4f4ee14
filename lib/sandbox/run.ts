import type { RunResult, Sandbox, SpawnOptions } from './types'

/** Runs a command to its end and collects its output as text. */
export async function runCommand(sandbox: Sandbox, command: string, options: SpawnOptions = {}): Promise<RunResult> {
  const startedAt = performance.now()
  const child = await sandbox.spawn(command, options)
  const text = { stdout: '', stderr: '' }
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
  child.onOutput(({ stream, data }) => {
    text[stream] += decoders[stream].decode(data, { stream: true })
  })
  if (options.stdin === undefined) child.closeStdin()
  const { exitCode, timedOut } = await child.exit
  return { exitCode, ...text, durationMs: performance.now() - startedAt, timedOut }
}
