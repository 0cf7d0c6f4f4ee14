import { lateBundles, type ToProcess } from '../../protocol'
import type { ServiceAnswer } from '../../services/protocol'
import { createWireTable } from '../../wire'
import { createChildren } from './children'
import type { KernelClient, KernelPort } from './kernel-client'
import { createMailbox } from './mailbox'
import { createNetwork } from './network'
import { createSignals } from './signals'
import { callSync, hasSharedMemory } from './sync-answer'

type Handled = 'start' | 'files' | 'stdin' | 'resize' | 'checked' | 'listed' | 'package-lines' | 'package'
type Incoming = Exclude<ToProcess, { type: Handled } | ServiceAnswer>

export interface ConnectedKernel {
  client: KernelClient
  receive(message: Incoming): void
}

/** A process's side of all that goes through the kernel but files, output and the IDE's input. */
export function connectKernel(port: KernelPort): ConnectedKernel {
  const { start, send } = port
  const wires = createWireTable((message) => send(message))
  let lastWire = 0
  const openWire = (id = ++lastWire) => wires.open(id)
  const children = createChildren(port, openWire)
  const network = createNetwork(port, openWire)
  const signals = createSignals(send)
  const messages = createMailbox()
  const descriptors = new Map(start.wires.map(({ fd, wire }) => [fd, openWire(wire)]))
  if (typeof start.stdin === 'object' && 'wire' in start.stdin) descriptors.set(0, openWire(start.stdin.wire))

  return {
    client: {
      parentPid: start.parentPid,
      standard: start.standard,
      descriptor: (fd) => descriptors.get(fd) ?? null,
      ...children.calls,
      ...network.calls,
      onSignal: signals.listen,
      bundleUrl: (name) => bundleUrl(port, name),
      threadFiles: port.threadFiles,
      thread: start.thread && {
        data: start.thread.data,
        post: (message, transfer) => send({ type: 'thread-message', thread: null, message, transfer }, transfer),
        onMessage: messages.listen,
      },
    },
    receive(message) {
      switch (message.type) {
        case 'signal':
          signals.receive(message.signal)
          break
        case 'thread-message':
          if (message.thread === null) messages.receive(message.message)
          else children.receiveMessage(message.thread, message.message)
          break
        case 'child-exit':
          children.receiveExit(message)
          break
        case 'wire-data':
        case 'wire-read':
        case 'wire-end':
        case 'wire-close':
          wires.receive(message)
          break
        default:
          network.receive(message)
      }
    },
  }
}

function bundleUrl({ start, send }: KernelPort, name: string): string | null {
  const bundle = lateBundles.find((late) => late === name)
  if (!bundle) return null
  const known = start.bundles[bundle]
  if (known !== undefined || !hasSharedMemory()) return known ?? null
  const [url] = callSync(send, { name: 'bundle', bundle }).output
  return url ? new TextDecoder().decode(url) : null
}
