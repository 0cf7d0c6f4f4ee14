import type { ChildStdio, ToProcess } from '../../protocol'
import type { Signal } from '../../signals'
import type { Wire } from '../../wire'
import type { Child, ChildRequest, KernelClient, KernelPort, StdioRequest } from './kernel-client'
import { createMailbox, type Mailbox } from './mailbox'
import { callSync, hasSharedMemory } from './sync-answer'

interface Entry {
  exited(exitCode: number, signal: Signal | null): void
  messages: Mailbox
}

type Calls = Pick<KernelClient, 'spawn' | 'spawnSync' | 'spawnThread' | 'kill'>

/** The children and threads of this process. */
export function createChildren({ start, send, applyFiles }: KernelPort, openWire: () => Wire) {
  const entries = new Map<number, Entry>()
  let nextPid = start.firstChildPid

  function follow(pid: number, wires: (Wire | null)[]): Child & { messages: Mailbox } {
    const listeners: Parameters<Child['onExit']>[0][] = []
    const messages = createMailbox()
    entries.set(pid, {
      messages,
      exited(exitCode, signal) {
        entries.delete(pid)
        for (const listener of listeners) listener(exitCode, signal)
      },
    })
    return {
      pid,
      wires,
      messages,
      onExit: (listener) => listeners.push(listener),
      kill(signal) {
        if (!entries.has(pid)) return false
        send({ type: 'kill', target: pid, signal })
        return true
      },
    }
  }

  const calls: Calls = {
    spawn(request) {
      const pid = nextPid++
      const { child, wires } = toChild(request, openWire)
      send({ type: 'spawn', pid, child })
      return follow(pid, wires)
    },
    spawnThread(request, data, transfer) {
      const pid = nextPid++
      const { child, wires } = toChild(request, openWire)
      send({ type: 'spawn-thread', pid, child, data, transfer }, transfer)
      const { messages, ...thread } = follow(pid, wires)
      return {
        ...thread,
        post: (message, moved) => send({ type: 'thread-message', thread: pid, message, transfer: moved }, moved),
        onMessage: messages.listen,
      }
    },
    spawnSync(request, limits) {
      if (!hasSharedMemory()) {
        throw new Error(
          'Waiting for a child needs shared memory, which this browser does not grant here. Use the asynchronous form.',
        )
      }
      const pid = nextPid++
      const stdio = request.stdio.map((entry): ChildStdio => (entry.kind === 'pipe' ? { kind: 'collect' } : entry))
      const { files, ...result } = callSync(send, { name: 'spawn', pid, child: { ...request, stdio }, ...limits })
      applyFiles(files)
      return { pid, ...result }
    },
    kill(target, signal) {
      if (hasSharedMemory()) return callSync(send, { name: 'kill', target, signal }).error === null
      if (signal) send({ type: 'kill', target, signal })
      const isOwn = target > start.firstChildPid && target < nextPid
      return !isOwn || entries.has(target)
    },
  }

  return {
    calls,
    receiveExit({ pid, exitCode, signal }: Extract<ToProcess, { type: 'child-exit' }>) {
      entries.get(pid)?.exited(exitCode, signal)
    },
    receiveMessage(pid: number, message: unknown) {
      entries.get(pid)?.messages.receive(message)
    },
  }
}

function toChild({ stdio, ...request }: ChildRequest, openWire: () => Wire) {
  const wires: (Wire | null)[] = []
  const entries = stdio.map((entry, fd): ChildStdio => {
    const wire = entry.kind === 'pipe' ? openWire() : null
    wires[fd] = wire
    return wire
      ? { ...withoutKind(entry), kind: 'wire', wire: wire.id }
      : (entry as Exclude<StdioRequest, { kind: 'pipe' }>)
  })
  return { child: { ...request, stdio: entries }, wires }
}

function withoutKind({ kind: _kind, ...rest }: StdioRequest) {
  return rest
}
