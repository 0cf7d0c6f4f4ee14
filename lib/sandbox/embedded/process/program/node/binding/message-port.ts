import { natives } from '../natives'
import type { AnyFunction, BindingContext } from './context'
import { createMailMemory, EarlyMail, type MailMemory } from './early-mail'
import { createMessageCodec, type Envelope, withNodeWords } from './message-codec'

/** One message on its way: a copy already, but not yet Node's objects. */
interface Parcel {
  envelope: Envelope
  ports: MessagePort[]
  transfer: Transferable[]
}

interface PortState {
  /** The other end while both are in this thread: messages then go over without the browser. */
  peer: MessagePort | null
  queue: Parcel[]
  isStarted: boolean
  isScheduled: boolean
  /** `closing`: takes nothing more, but hands out what came before. */
  life: 'open' | 'closing' | 'closed'
  isReferenced: boolean
  release: (() => void) | null
  asyncId: number
  triggerId: number
  /** Ports whose other ends went or came this way, to or from another thread. */
  carried: Set<MessagePort>
  carrier: PortState | null
  /** Between threads. */
  mail: EarlyMail | null
}

interface AsyncHooks {
  announceInit(type: string, resource: object): { asyncId: number; triggerId: number }
  queueDestroyAsyncId(asyncId: number): void
}
interface IdStack {
  emitBefore(asyncId: number, triggerId: number, resource: object): void
  emitAfter(asyncId: number): void
}

type PortTools = ReturnType<typeof createMessagePorts>

const { prototype: nativePrototype } = natives.MessagePort
const nativePost = nativePrototype.postMessage
const nativeClose = nativePrototype.close
const nativeListen = EventTarget.prototype.addEventListener
const nativeStart = nativePrototype.start
/** What the other thread's half of this file sends as its last. */
const closeSign = '$close'

/**
 * Node's message ports on the browser's. A port stays the browser's own object, so that it can be transferred within any
 * message; only its prototype is Node's. Between two ends in one thread messages are copied at once, which is what
 * `receiveMessageOnPort` needs.
 */
function createMessagePorts(context: BindingContext) {
  const states = new WeakMap<MessagePort, PortState>()
  /** Those that the browser brings messages to. */
  const listening = new Set<MessagePort>()
  let readsEarly = false
  context.onLeave(() => {
    for (const port of listening) nativeClose.call(port)
    return true
  })
  const codec = createMessageCodec(context, {
    isPort: (value): value is MessagePort => states.has(value as MessagePort),
    isDetached: (port) => stateOf(port).life !== 'open',
  })
  const hooks = () => context.internalBinding('async_wrap') as unknown as AsyncHooks

  function stateOf(port: MessagePort): PortState {
    const state = states.get(port)
    if (!state) throw new TypeError('Illegal invocation')
    return state
  }

  function NodeMessagePort() {
    throw context.nodeError('ERR_CONSTRUCT_CALL_INVALID', 'Constructor cannot be called')
  }
  const methods = {
    postMessage(this: MessagePort, ...given: [value?: unknown, options?: unknown]): boolean {
      if (given.length === 0) throw context.nodeError('ERR_MISSING_ARGS', 'message')
      const [value, options] = given
      return post(this, value, toTransfer(options))
    },
    start(this: MessagePort): void {
      stateOf(this).isStarted = true
      schedule(this)
    },
    close(this: MessagePort): void {
      close(this)
    },
    ref(this: MessagePort): void {
      reference(this, true)
    },
    unref(this: MessagePort): void {
      reference(this, false)
    },
    hasRef(this: MessagePort): boolean | undefined {
      const state = stateOf(this)
      return state.life === 'closed' ? undefined : state.isReferenced
    },
  }
  const prototype = NodeMessagePort.prototype as object
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true, enumerable: true })
  Object.defineProperty(NodeMessagePort, 'name', { value: 'MessagePort' })

  /** A port that has come from another thread. */
  function adopt(port: MessagePort, memory: MailMemory | null = null): MessagePort {
    if (states.has(port)) return port
    init(port)
    if (memory) stateOf(port).mail = openMail(memory)
    listen(port)
    if (readsEarly) offerMail(port)
    return port
  }

  /** Not while the other end is here: Firefox loses a message that waits for a listening port when that port is transferred. */
  function listen(port: MessagePort): void {
    listening.add(port)
    nativeListen.call(port, 'message', (event) => receive(port, event as MessageEvent))
    nativeStart.call(port)
  }

  function init(port: MessagePort): void {
    const state: PortState = {
      peer: null,
      queue: [],
      isStarted: false,
      isScheduled: false,
      life: 'open',
      isReferenced: false,
      release: null,
      asyncId: 0,
      triggerId: 0,
      carried: new Set(),
      carrier: null,
      mail: null,
    }
    states.set(port, state)
    Object.setPrototypeOf(port, prototype)
    Object.assign(state, hooks().announceInit('MESSAGEPORT', port))
    // The handlers of Node's library live in its own part of the prototype.
    const oninit: unknown = Reflect.get(port, context.symbols.oninit ?? '')
    if (typeof oninit === 'function') oninit.call(port)
  }

  function receive(port: MessagePort, { data, ports }: MessageEvent): void {
    context.host.kernel?.threadFiles.heard()
    if (data === closeSign) {
      context.callback(closeBy, undefined, port)
      return
    }
    const state = stateOf(port)
    if (data.offer !== undefined) {
      state.mail ??= openMail(data.offer)
      return
    }
    const envelope: Envelope = data
    if (envelope.number !== undefined && state.mail?.receive(envelope.number) === false) return
    state.queue.push({ envelope, ports: adoptAll(ports, envelope), transfer: [] })
    for (const came of ports) carry(state, came)
    if (state.isStarted) context.callback(() => emitNext(port), undefined)
  }

  /** Answers what the other end needs; null where memory cannot be shared. */
  function startMail(port: MessagePort): MailMemory | null {
    const [near = null, far = null] = createMailMemory() ?? []
    stateOf(port).mail = near && openMail(near)
    return far
  }

  /** The end that reads early is the one that asks for it; messages that came before are the browser's alone. */
  function offerMail(port: MessagePort): void {
    const { mail, peer } = stateOf(port)
    mail?.want()
    const offer = mail || peer ? null : startMail(port)
    if (offer) nativePost.call(port, { offer })
  }

  function openMail(memory: MailMemory): EarlyMail {
    const mail = new EarlyMail(memory)
    if (readsEarly) mail.want()
    return mail
  }

  const adoptAll = (ports: readonly MessagePort[], { mail }: Envelope) =>
    ports.map((port, index) => adopt(port, mail?.[index]))

  /** By the browser, to another thread. */
  function postAway(port: MessagePort, envelope: Envelope, transfer: Transferable[]): void {
    const { mail } = stateOf(port)
    const send = (whole: Envelope) => withNodeWords(() => nativePost.call(port, whole, { transfer }))
    if (!mail) send(envelope)
    // What moves, or is Node's own, bytes cannot say.
    else
      mail.send(envelope.places || transfer.length > 0 ? refused : envelope.message, (number) =>
        send({ ...envelope, number }),
      )
  }

  function post(port: MessagePort, value: unknown, list: Iterable<unknown>): boolean {
    const state = stateOf(port)
    const { envelope, transfer } = codec.encode(value, list, port)
    if (state.life !== 'open') {
      withNodeWords(() => natives.structuredClone(envelope, { transfer }))
      return true
    }
    const { peer } = state
    const isLost = peer !== null && transfer.includes(peer)
    handOverAll(envelope, transfer, port)
    if (isLost) {
      withNodeWords(() => natives.structuredClone(envelope, { transfer }))
      const { emitWarning } = context.process as unknown as { emitWarning(text: string): void }
      emitWarning.call(context.process, 'The target port was posted to itself, and the communication channel was lost')
      end(port)
      return true
    }
    if (!peer) {
      context.host.kernel?.threadFiles.tell()
      postAway(port, envelope, transfer)
      return true
    }
    stateOf(peer).queue.push(copy(envelope, transfer))
    schedule(peer)
    return true
  }

  /** A message that came by another way. */
  function deliver(port: MessagePort, envelope: Envelope): void {
    stateOf(port).queue.push({ envelope, ports: [], transfer: [] })
    schedule(port)
  }

  function copy(envelope: Envelope, transfer: Transferable[]): Parcel {
    const made = withNodeWords(() => natives.structuredClone({ envelope, transfer }, { transfer }))
    return {
      envelope: made.envelope,
      ports: adoptAll(made.transfer.filter(isNativePort), made.envelope),
      transfer: made.transfer,
    }
  }

  /** The port leaves this thread: from here on the browser carries its messages, those that wait first. */
  function handOverAll(envelope: Envelope, transfer: Transferable[], way?: MessagePort): void {
    const leaving = transfer.filter((item): item is MessagePort => states.has(item as MessagePort))
    if (leaving.length > 0) envelope.mail = leaving.map((port) => handOver(port, way))
  }

  function handOver(port: MessagePort, way?: MessagePort): MailMemory | null {
    const state = stateOf(port)
    const { peer } = state
    state.life = 'closed'
    listening.delete(port)
    settle(state)
    hooks().queueDestroyAsyncId(state.asyncId)
    if (!peer) return null
    stateOf(peer).peer = null
    listen(peer)
    const far = readsEarly ? startMail(peer) : null
    if (way) carry(stateOf(way), peer)
    for (const { envelope, transfer } of state.queue.splice(0)) postAway(peer, envelope, transfer)
    return far
  }

  function carry(carrier: PortState, port: MessagePort): void {
    carrier.carried.add(port)
    stateOf(port).carrier = carrier
  }

  function schedule(port: MessagePort): void {
    const state = stateOf(port)
    if (state.isScheduled || !state.isStarted || state.life !== 'open' || state.queue.length === 0) return
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

  function emitNext(port: MessagePort): void {
    const state = stateOf(port)
    const parcel = state.isStarted && state.life !== 'closed' ? state.queue.shift() : undefined
    if (parcel) emitMessage(port, parcel)
  }

  function emitMessage(port: MessagePort, { envelope, ports }: Parcel): void {
    const dispatch = Reflect.get(port, Symbol.for('nodejs.internal.kHybridDispatch')) as AnyFunction | undefined
    if (!dispatch) return
    Reflect.set(port, Symbol.for('nodejs.internal.kCurrentlyReceivingPorts'), ports)
    const [value, type] = read(envelope)
    const { asyncId, triggerId } = stateOf(port)
    const ids = context.require<IdStack>('internal/async_hooks')
    ids.emitBefore(asyncId, triggerId, port)
    Reflect.apply(dispatch, port, [value, type, undefined])
    Reflect.set(port, Symbol.for('nodejs.internal.kCurrentlyReceivingPorts'), undefined)
    ids.emitAfter(asyncId)
  }

  /** What cannot be made again here is told as an error of the message. */
  function read(envelope: Envelope): [value: unknown, type: 'message' | 'messageerror'] {
    try {
      return [codec.decode(envelope), 'message']
    } catch (error) {
      return [error, 'messageerror']
    }
  }

  /** Hands out what waits now; what that brings about comes later. */
  function drain(port: MessagePort): void {
    for (const parcel of stateOf(port).queue.splice(0)) emitMessage(port, parcel)
  }

  function close(port: MessagePort): void {
    const state = stateOf(port)
    if (state.life !== 'open') return
    const { peer } = state
    state.life = 'closing'
    context.loop.defer(() => {
      if (state.isStarted) drain(port)
      if (peer) closeBy(peer)
      else nativePost.call(port, closeSign)
      end(port)
    })
  }

  /** The other end has closed: what it sent before still counts. */
  function closeBy(port: MessagePort): void {
    const state = stateOf(port)
    if (state.life !== 'open') return
    if (state.isStarted) drain(port)
    end(port)
  }

  function end(port: MessagePort): void {
    const state = stateOf(port)
    if (state.life === 'closed') return
    state.life = 'closed'
    state.carrier?.carried.delete(port)
    settle(state)
    context.loop.deferClose(() => {
      nativeClose.call(port)
      listening.delete(port)
      const onclose: unknown = Reflect.get(port, context.symbols.handle_onclose ?? '')
      if (typeof onclose === 'function') onclose.call(port)
      hooks().queueDestroyAsyncId(state.asyncId)
    })
  }

  /** The browser does not tell when the thread of the other end is gone. */
  function threadEnded(port: MessagePort): void {
    for (const other of [...stateOf(port).carried]) {
      threadEnded(other)
      if (!stateOf(other).peer) closeBy(other)
    }
  }

  function reference(port: MessagePort, isReferenced: boolean): void {
    const state = states.get(port)
    if (!state || state.life === 'closed') return
    state.isReferenced = isReferenced
    settle(state)
  }

  function settle(state: PortState): void {
    if (state.isReferenced && state.life !== 'closed') state.release ??= context.hold()
    else {
      state.release?.()
      state.release = null
    }
  }

  function createChannel(): { port1: MessagePort; port2: MessagePort } {
    const { port1, port2 } = new natives.MessageChannel()
    init(port1)
    init(port2)
    stateOf(port1).peer = port2
    stateOf(port2).peer = port1
    return { port1, port2 }
  }

  function toTransfer(options: unknown): Iterable<unknown> {
    if (options === undefined || options === null) return []
    if (typeof options !== 'object') throw notIterable('transferList')
    if (Symbol.iterator in options) return toList(options, 'transferList')
    const { transfer } = options as { transfer?: unknown }
    return transfer === undefined ? [] : toList(transfer, 'options.transfer')
  }

  function toList(value: unknown, name: string): unknown[] {
    const make = (value as { [Symbol.iterator]?: () => { next?: unknown } } | null)?.[Symbol.iterator]
    if (typeof value !== 'object' || typeof make !== 'function') throw notIterable(name)
    const iterator = make.call(value)
    if (typeof iterator?.next !== 'function') throw notIterable(name)
    return [...{ [Symbol.iterator]: () => iterator as Iterator<unknown> }]
  }

  return {
    MessagePort: NodeMessagePort,
    codec,
    deliver,
    threadEnded,
    createChannel,
    adopt,
    stop(port: MessagePort): void {
      const state = states.get(port)
      if (state) state.isStarted = false
    },
    /** The browser's port again, for sending it elsewhere. */
    release(port: MessagePort): { port: MessagePort; mail: MailMemory | null } {
      return { mail: handOver(port), port }
    },
    /** The program may call `receiveMessageOnPort`, before the event loop has brought what it was woken for. */
    readEarly(): void {
      if (readsEarly) return
      readsEarly = true
      for (const port of listening) offerMail(port)
    },
    /** The oldest message that waits. */
    take(port: MessagePort): { value: unknown } | undefined {
      const { queue, mail } = stateOf(port)
      const early = queue.length === 0 ? mail?.take() : null
      if (early) {
        context.host.kernel?.threadFiles.heard()
        return { value: early.message }
      }
      const parcel = queue.shift()
      return parcel && { value: codec.decode(parcel.envelope) }
    },
    isPort: (value: unknown): value is MessagePort =>
      typeof value === 'object' && value !== null && states.has(value as MessagePort),
    isOpen: (port: MessagePort) => stateOf(port).life === 'open',
    drain,
    /** A structured clone; ports in it are Node's. */
    clone(value: unknown, options: unknown): unknown {
      const { envelope, transfer } = codec.encode(value, toTransfer(options), null)
      handOverAll(envelope, transfer)
      return codec.decode(copy(envelope, transfer).envelope)
    },
  }
}

function notIterable(name: string): Error {
  const error = new TypeError(`Optional ${name} argument must be an iterable`)
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' })
}

const tools = new WeakMap<BindingContext, PortTools>()

export function portToolsOf(context: BindingContext): PortTools {
  const known = tools.get(context)
  if (known) return known
  const made = createMessagePorts(context)
  tools.set(context, made)
  return made
}

/** Is no data. */
const refused = () => undefined

const isNativePort = (value: unknown): value is MessagePort =>
  Object.prototype.toString.call(value) === '[object MessagePort]'
