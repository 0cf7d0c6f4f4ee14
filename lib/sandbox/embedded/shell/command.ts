import type { defineCommand } from 'just-bash/browser'
import { fromLatin1, toLatin1 } from '@/lib/base'

export type Execute = Parameters<typeof defineCommand>[1]
export type CommandContext = Parameters<Execute>[1]
export type Result = Awaited<ReturnType<Execute>>
/** The shell's own commands, by name. */
export type Commands = Record<string, Execute>

export function success(stdout = ''): Result {
  return { stdout, stderr: '', exitCode: 0 }
}

export function failure(message: string, exitCode = 1): Result {
  return { stdout: '', stderr: `${message}\n`, exitCode }
}

export function bytesResult(bytes: Uint8Array): Result {
  return { stdout: toLatin1(bytes), stdoutKind: 'bytes', stderr: '', exitCode: 0 }
}

/** What was piped in. */
export function inputOf(context: CommandContext): Uint8Array {
  return fromLatin1(String(context.stdin))
}

/** What a child reads: what was piped in, else what comes to the shell. */
export function childInput(context: CommandContext): Uint8Array | 'inherit' {
  const piped = inputOf(context)
  return piped.byteLength > 0 ? piped : 'inherit'
}

/** An absolute path, without `.` and `..`. */
export function pathFrom(context: CommandContext, path: string): string {
  return context.fs.resolvePath(context.cwd, path)
}
