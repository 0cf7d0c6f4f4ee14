import { signalOf } from '../../../../signals'
import type { Child, StdioRequest } from '../../../kernel-client/kernel-client'
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
import { handleWrapOf } from './handle-wrap'
import { type ByteStream, streamWrapOf } from './stream-base'

export function createProcessWrapBinding(context: BindingContext): Binding {
  const HandleWrap = handleWrapOf(context)
  const { LibuvStreamWrap } = streamWrapOf(context)

  class Process extends HandleWrap {
    declare pid?: number
    #child: Child | null = null

    constructor() {
      super('PROCESSWRAP')
    }

    spawn(options: SpawnOptions): number {
      const { kernel } = context.host
      if (!kernel) return context.errnoOf('ENOSYS')
      const request = toChildRequest(context, options)
      if (typeof request === 'number') {
        for (const { handle } of options.stdio) if (handle instanceof LibuvStreamWrap) handle.attach(endedStream)
        return request
      }
      const child = kernel.spawn({ ...request, stdio: options.stdio.map(toStdio) })
      for (const [fd, entry] of options.stdio.entries()) connect(entry, child.wires[fd] ?? null)
      const stopInput = forwardInput(options.stdio[0], child)
      const stopLent = options.stdio.map((entry, fd) => joinLent(entry, child.wires[fd] ?? null, fd))
      this.pid = child.pid
      this.#child = child
      this.setActive(true)
      child.onExit((exitCode, signal) => {
        this.#child = null
        this.setActive(false)
        stopInput()
        for (const stop of stopLent) stop()
        this.makeCallback('onexit', signal ? 0 : exitCode, signal ?? '')
      })
      return 0
    }

    kill(number: number): number {
      const signal = number === 0 ? null : signalOf(number)
      if (signal === undefined) return context.errnoOf('ENOSYS')
      if (!this.#child) return context.errnoOf('ESRCH')
      return !signal || this.#child.kill(signal) ? 0 : context.errnoOf('ESRCH')
    }
  }

  function toStdio(entry: StdioEntry, index: number): StdioRequest {
    if (entry.type === 'ignore') return { kind: 'ignore' }
    const fd = ownDescriptor(entry)
    if (fd === null) return pipe
    // Input that came already waits here, so it is handed on from here.
    if (index === 0) return fd === 0 ? { kind: 'pipe', terminal: true } : { kind: 'data', data: readRest(context, fd) }
    return fd === 1 || fd === 2 ? { kind: 'inherit', fd } : pipe
  }

  function connect(entry: StdioEntry, wire: Child['wires'][number]): void {
    if (!wire) return
    if (entry.handle instanceof LibuvStreamWrap && entry.type !== 'wrap') entry.handle.attach(wire)
    const fd = ownDescriptor(entry)
    if (fd !== null && fd > 2) wire.onData((data) => data && writeAll(context, fd, data))
  }

  /** Joins a stream of ours, such as the output of another child, to the child's own; answers what gives it back. */
  function joinLent({ type, handle }: StdioEntry, wire: Child['wires'][number], fd: number): () => void {
    const stream = type === 'wrap' && wire && handle instanceof LibuvStreamWrap ? handle.lend() : null
    if (!stream || !wire || !(handle instanceof LibuvStreamWrap)) return () => undefined
    if (fd !== 0) {
      flow(wire, stream, { ends: false })
      return () => undefined
    }
    flow(stream, wire, { ends: true })
    return () => {
      handle.attach(stream)
      wire.close()
    }
  }

  function forwardInput(entry: StdioEntry | undefined, child: Child): () => void {
    const [wire] = child.wires
    if (!entry || !wire || ownDescriptor(entry) !== 0) return () => undefined
    const stop = context.host.stdin.pipe?.((data) => (data ? wire.write(data) : wire.end()))
    return () => {
      stop?.()
      wire.close()
    }
  }

  return { Process }
}

/** Hands on what comes, no faster than it is taken. */
function flow(from: ByteStream, to: ByteStream, { ends }: { ends: boolean }): void {
  from.onData((data) => {
    if (!data) {
      if (ends) to.end()
      return
    }
    if (to.write(data)) return
    from.pause()
    void to.drained().then(() => from.resume())
  })
  from.resume()
}

/** The pipe to a child that could not start: at its end. */
const endedStream: ByteStream = {
  onData: (listener) => queueMicrotask(() => listener(null)),
  onClose: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  write: () => true,
  drained: () => Promise.resolve(),
  end: () => undefined,
  close: () => undefined,
}
