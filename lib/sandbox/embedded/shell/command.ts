import type { defineCommand } from 'just-bash/browser'
import { bytesToLatin1, latin1ToBytes } from './latin1'

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
  return { stdout: bytesToLatin1(bytes), stdoutKind: 'bytes', stderr: '', exitCode: 0 }
}

/** What was piped in. */
export function inputOf(context: CommandContext): Uint8Array {
  return latin1ToBytes(String(context.stdin))
}

/** An absolute path, without `.` and `..`. */
export function pathFrom(context: CommandContext, path: string): string {
  return context.fs.resolvePath(context.cwd, path)
}
