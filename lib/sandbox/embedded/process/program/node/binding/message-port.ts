import { natives } from '../natives'
import type { AnyFunction, BindingContext } from './context'

/** One message on its way; its value is a copy already. */
interface Parcel {
  value: unknown
  ports: MessagePort[]
  transfer: Transferable[]
}

interface PortState {
  /** The other end while both are in this thread: messages then go over without the browser. */
  peer: MessagePort | null
  queue: Parcel[]
  isStarted: boolean
  isScheduled: boolean
  isClosed: boolean
  isReferenced: boolean
  release: (() => void) | null
}

type PortTools = ReturnType<typeof createMessagePorts>

const { prototype: nativePrototype } = natives.MessagePort
const nativePost = nativePrototype.postMessage
const nativeClose = nativePrototype.close
const nativeListen = EventTarget.prototype.addEventListener
const nativeStart = nativePrototype.start

/**
 * Node's message ports on the browser's. A port stays the browser's own object, so that it can be transferred within any
 * message; only its prototype is Node's. Between two ends in one thread messages are copied at once, which is what
 * `receiveMessageOnPort` needs.
 */
function createMessagePorts(context: BindingContext) {
  const states = new WeakMap<MessagePort, PortState>()
  const untransferable = context.privateSymbols.untransferable_object_private_symbol ?? ''

  function stateOf(port: MessagePort): PortState {
    const state = states.get(port)
    if (!state) throw new TypeError('Illegal invocation')
    return state
  }

  class NodeMessagePort {
    constructor() {
      throw context.nodeError('ERR_CONSTRUCT_CALL_INVALID')
    }
    postMessage(this: MessagePort, ...given: [value?: unknown, options?: unknown]): boolean {
      if (given.length === 0) throw context.nodeError('ERR_MISSING_ARGS', 'message')
      const [value, options] = given
      return post(this, value, toTransfer(options))
    }
    start(this: MessagePort): void {
      stateOf(this).isStarted = true
      schedule(this)
    }
    close(this: MessagePort): void {
      close(this)
    }
    drain(this: MessagePort): void {
      drain(this)
    }
    ref(this: MessagePort): void {
      reference(this, true)
    }
    unref(this: MessagePort): void {
      reference(this, false)
    }
    hasRef(this: MessagePort): boolean | undefined {
      const { isClosed, isReferenced } = stateOf(this)
      return isClosed ? undefined : isReferenced
    }
  }
  Object.defineProperty(NodeMessagePort, 'name', { value: 'MessagePort' })

  function adopt(port: MessagePort): MessagePort {
    if (states.has(port)) return port
    states.set(port, {
      peer: null,
      queue: [],
      isStarted: false,
      isScheduled: false,
      isClosed: false,
      isReferenced: false,
      release: null,
    })
    Object.setPrototypeOf(port, NodeMessagePort.prototype)
    nativeListen.call(port, 'message', (event) => receive(port, event as MessageEvent))
    nativeStart.call(port)
    // The handlers of Node's library live in its own part of the prototype.
    const init: unknown = Reflect.get(port, context.symbols.oninit ?? '')
    if (typeof init === 'function') init.call(port)
    return port
  }

  function receive(port: MessagePort, { data, ports }: MessageEvent): void {
    if (data.$close === true) {
      context.callback(closeBy, undefined, port)
      return
    }
    stateOf(port).queue.push({ value: data.$message, ports: ports.map(adopt), transfer: [] })
    deliver(port)
  }

  function post(port: MessagePort, value: unknown, transfer: Transferable[]): boolean {
    const state = stateOf(port)
    if (transfer.includes(port)) throw cloneError('Transfer list contains source port')
    for (const item of transfer) {
      if (states.get(item as MessagePort)?.isClosed)
        throw cloneError('MessagePort in transfer list is already detached')
    }
    if (state.isClosed) {
      natives.structuredClone(value, { transfer })
      return true
    }
    for (const item of transfer) if (states.has(item as MessagePort)) handOver(item as MessagePort)
    const { peer } = state
    if (!peer || transfer.includes(peer)) {
      nativePost.call(port, { $message: value }, { transfer })
      return true
    }
    stateOf(peer).queue.push(copy(value, transfer))
    schedule(peer)
    return true
  }

  function copy(value: unknown, transfer: Transferable[]): Parcel {
    const made = natives.structuredClone({ value, transfer }, { transfer })
    return { value: made.value, ports: made.transfer.filter(isNativePort).map(adopt), transfer: made.transfer }
  }

  /** The port leaves this thread: from here on the browser carries its messages, those that wait first. */
  function handOver(port: MessagePort): void {
    const state = stateOf(port)
    const { peer } = state
    state.isClosed = true
    settle(state)
    if (!peer) return
    stateOf(peer).peer = null
    for (const { value, transfer } of state.queue.splice(0)) nativePost.call(peer, { $message: value }, { transfer })
  }

  function schedule(port: MessagePort): void {
    const state = stateOf(port)
    if (state.isScheduled || !state.isStarted || state.queue.length === 0) return
    state.isScheduled = true
    context.loop.defer(
      () => {
        state.isScheduled = false
        emitNext(port)
        schedule(port)
      },
      { holds: state.isReferenced },
    )
  }

  function deliver(port: MessagePort): void {
    const state = stateOf(port)
    if (!state.isStarted) return
    context.callback(() => emitNext(port), undefined)
  }

  function emitNext(port: MessagePort): void {
    const state = stateOf(port)
    const parcel = state.isStarted && !state.isClosed ? state.queue.shift() : undefined
    if (!parcel) return
    emitMessage(port, parcel)
  }

  function emitMessage(port: MessagePort, { value, ports }: Parcel): void {
    const dispatch = Reflect.get(port, Symbol.for('nodejs.internal.kHybridDispatch')) as AnyFunction | undefined
    Reflect.set(port, Symbol.for('nodejs.internal.kCurrentlyReceivingPorts'), ports)
    if (dispatch) Reflect.apply(dispatch, port, [value, 'message', undefined])
  }

  function drain(port: MessagePort): void {
    for (let parcel = stateOf(port).queue.shift(); parcel; parcel = stateOf(port).queue.shift())
      emitMessage(port, parcel)
  }

  function close(port: MessagePort): void {
    const state = stateOf(port)
    if (state.isClosed) return
    const { peer } = state
    if (peer) context.loop.defer(() => closeBy(peer), { holds: false })
    else nativePost.call(port, { $close: true })
    end(port)
  }

  /** The other end has closed: what it sent before still counts. */
  function closeBy(port: MessagePort): void {
    const state = stateOf(port)
    if (state.isClosed) return
    if (state.isStarted) drain(port)
    end(port)
  }

  function end(port: MessagePort): void {
    const state = stateOf(port)
    if (state.isClosed) return
    state.isClosed = true
    settle(state)
    context.loop.deferClose(() => {
      nativeClose.call(port)
      const onclose: unknown = Reflect.get(port, context.symbols.handle_onclose ?? '')
      if (typeof onclose === 'function') onclose.call(port)
    })
  }

  function reference(port: MessagePort, isReferenced: boolean): void {
    const state = states.get(port)
    if (!state || state.isClosed) return
    state.isReferenced = isReferenced
    settle(state)
  }

  function settle(state: PortState): void {
    if (state.isReferenced && !state.isClosed) state.release ??= context.hold()
    else {
      state.release?.()
      state.release = null
    }
  }

  function createChannel(): { port1: MessagePort; port2: MessagePort } {
    const { port1, port2 } = new natives.MessageChannel()
    adopt(port1)
    adopt(port2)
    stateOf(port1).peer = port2
    stateOf(port2).peer = port1
    return { port1, port2 }
  }

  function cloneError(message: string): DOMException {
    return new natives.DOMException(message, 'DataCloneError')
  }

  function toTransfer(options: unknown): Transferable[] {
    const list: unknown = Array.isArray(options)
      ? options
      : (options as { transfer?: unknown } | null | undefined)?.transfer
    const items = list === undefined || list === null ? [] : [...(list as Iterable<Transferable>)]
    // Such as the pool that small buffers share.
    if (items.some((item) => Reflect.get(Object(item), untransferable)))
      throw cloneError('Cannot transfer object of unsupported type.')
    return items
  }

  return {
    MessagePort: NodeMessagePort,
    createChannel,
    adopt,
    stop(port: MessagePort): void {
      const state = states.get(port)
      if (state) state.isStarted = false
    },
    /** The browser's port again, for sending it elsewhere. */
    release(port: MessagePort): MessagePort {
      handOver(port)
      return port
    },
    /** The oldest message that waits; undefined when there is none. */
    take: (port: MessagePort): Parcel | undefined => stateOf(port).queue.shift(),
    isPort: (value: unknown): value is MessagePort =>
      typeof value === 'object' && value !== null && states.has(value as MessagePort),
    drain,
    /** A structured clone; ports in it are Node's. */
    clone(value: unknown, options: unknown): unknown {
      const transfer = toTransfer(options)
      for (const item of transfer) if (states.has(item as MessagePort)) handOver(item as MessagePort)
      return copy(value, transfer).value
    },
  }
}

const tools = new WeakMap<BindingContext, PortTools>()

export function portToolsOf(context: BindingContext): PortTools {
  const known = tools.get(context)
  if (known) return known
  const made = createMessagePorts(context)
  tools.set(context, made)
  return made
}

const isNativePort = (value: unknown): value is MessagePort =>
  Object.prototype.toString.call(value) === '[object MessagePort]'
