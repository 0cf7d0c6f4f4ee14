import { signalOf } from '../../../../signals'
import type { StdioRequest, SyncResult } from '../../../kernel-client/kernel-client'
import {
  ownDescriptor,
  pipe,
  readRest,
  type SpawnOptions,
  type StdioEntry,
  toChildRequest,
  writeAll,
} from './child-request'
import type { Binding, BindingContext } from './context'

interface SyncOptions extends SpawnOptions {
  timeout?: number
  maxBuffer?: number
  killSignal?: number
}

export function createSpawnSyncBinding(context: BindingContext): Binding {
  function toStdio(entry: StdioEntry, index: number): StdioRequest {
    if (entry.type === 'ignore') return { kind: 'ignore' }
    const fd = ownDescriptor(entry)
    if (index === 0) return toInput(entry, fd)
    if (fd === 1 || fd === 2) return { kind: 'inherit', fd }
    return pipe
  }

  function toInput({ input }: StdioEntry, fd: number | null): StdioRequest {
    if (fd === 0) {
      const complete = context.host.stdin.complete ?? null
      return complete ? { kind: 'data', data: complete } : { kind: 'inherit', fd: 0 }
    }
    return { kind: 'data', data: fd === null ? toBytes(input) : readRest(context, fd) }
  }

  function toOutput(entry: StdioEntry, data: Uint8Array | null): Uint8Array | null {
    const fd = ownDescriptor(entry)
    if (fd !== null && fd > 2 && data) writeAll(context, fd, data)
    if (fd !== null || !data) return null
    const { Buffer } = context.require<{
      Buffer: { from(buffer: ArrayBufferLike, at: number, size: number): Uint8Array }
    }>('buffer')
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  }

  function toResult({ pid, exitCode, signal, error, output }: SyncResult, stdio: StdioEntry[]) {
    return {
      pid,
      status: signal ? null : exitCode,
      signal,
      ...(error !== null && { error: context.errnoOf(error) }),
      output: stdio.map((entry, index) => (index === 0 ? null : toOutput(entry, output[index] ?? null))),
    }
  }

  return {
    spawn(options: SyncOptions) {
      const { kernel } = context.host
      const request = toChildRequest(context, options)
      if (!kernel || typeof request === 'number') {
        const error = typeof request === 'number' ? request : context.errnoOf('ENOSYS')
        return { error, status: null, signal: null, output: null, pid: 0 }
      }
      const limits = {
        timeoutMs: options.timeout ?? 0,
        maxBuffer: options.maxBuffer ?? Number.POSITIVE_INFINITY,
        killSignal: signalOf(options.killSignal ?? 0) ?? 'SIGTERM',
      }
      try {
        return toResult(kernel.spawnSync({ ...request, stdio: options.stdio.map(toStdio) }, limits), options.stdio)
      } catch (error) {
        throw error instanceof Error ? context.unavailable(error.message) : error
      }
    },
  }
}

function toBytes(input: ArrayBufferView | string | undefined): Uint8Array {
  if (typeof input === 'string') return new TextEncoder().encode(input)
  return input ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength).slice() : new Uint8Array()
}
