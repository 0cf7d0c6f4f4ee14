import { natives } from '../natives'
import type { Binding, BindingContext } from './context'
import { type Envelope, withNodeWords } from './message-codec'
import { defineMessageEvent, type MessageEventClass } from './message-event'
import { portToolsOf } from './message-port'

const NativeBroadcastChannel = globalThis.BroadcastChannel

export function createMessagingBinding(context: BindingContext): Binding {
  const ports = portToolsOf(context)

  const groups = new Map<string, BroadcastGroup>()
  context.onLeave(() => {
    for (const { native } of groups.values()) native.close()
    return true
  })

  function groupOf(name: string): BroadcastGroup {
    const known = groups.get(name)
    if (known) return known
    const group = {
      native: new NativeBroadcastChannel(`process ${context.host.pid}: ${name}`),
      handles: new Set<MessagePort>(),
    }
    group.native.onmessage = ({ data }) => {
      context.host.kernel?.threadFiles.heard()
      for (const handle of group.handles) ports.deliver(handle, structuredCopy(data))
    }
    groups.set(name, group)
    return group
  }

  /** The handle of a `BroadcastChannel`: reaches those of the same name in this thread at once, and the other threads. */
  function broadcastChannel(name: string): MessagePort {
    const { port1: handle } = ports.createChannel()
    const group = groupOf(name)
    group.handles.add(handle)
    const close = handle.close.bind(handle)
    Object.assign(handle, {
      postMessage(value: unknown) {
        const { envelope } = ports.codec.encode(value, [], null)
        context.host.kernel?.threadFiles.tell()
        withNodeWords(() => group.native.postMessage(envelope))
        for (const other of group.handles) if (other !== handle) ports.deliver(other, structuredCopy(envelope))
        return true
      },
      close() {
        group.handles.delete(handle)
        if (group.handles.size === 0) {
          group.native.close()
          groups.delete(name)
        }
        close()
      },
    })
    return handle
  }

  let MessageEvent: MessageEventClass | undefined
  const messageEvent = () => {
    MessageEvent ??= defineMessageEvent(context)
    return MessageEvent
  }
  // The library has made the global one by then, from what is not here.
  context.onStart(() =>
    Object.defineProperty(globalThis, 'MessageEvent', {
      configurable: true,
      get: messageEvent,
      set: (value) => Object.defineProperty(globalThis, 'MessageEvent', { value, writable: true, configurable: true }),
    }),
  )

  const DOMException = defineDomException()

  return {
    ...context.constants('messaging'),
    MessageChannel: function MessageChannel(this: object) {
      if (new.target === undefined) throw context.nodeError('ERR_CONSTRUCT_CALL_REQUIRED', 'MessageChannel')
      Object.assign(this, ports.createChannel())
    },
    MessagePort: ports.MessagePort,
    /** Leads to every port of the Worker; for tests that play a hostile program. */
    nativePortPrototype: natives.MessagePort.prototype,
    DOMException,
    broadcastChannel,
    createMessageEvent: (type: string, init: object) => new (messageEvent())(type, init),
    exposeLazyDOMExceptionProperty: (target: object) =>
      Object.defineProperty(target, 'DOMException', { value: DOMException, writable: true, configurable: true }),
    setDeserializerCreateObjectFunction: ports.codec.onCreate,
    structuredClone: (value: unknown, options?: unknown) => ports.clone(value, options),
    stopMessagePort: ports.stop,
    drainMessagePort: (port: unknown) => ports.isPort(port) && ports.drain(port),
    receiveMessageOnPort(port: unknown) {
      if (!ports.isPort(port)) {
        const error = new TypeError('The "port" argument must be a MessagePort instance')
        throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' })
      }
      const parcel = ports.take(port)
      return parcel ? parcel.value : context.symbols.no_message_symbol
    },
    moveMessagePortToContext(port: unknown) {
      if (!ports.isPort(port)) {
        const error = new TypeError('The "port" argument must be a MessagePort instance')
        throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' })
      }
      if (ports.isOpen(port)) return port // There is one context in a thread.
      throw Object.assign(new Error('Cannot send data on closed MessagePort'), { code: 'ERR_CLOSED_MESSAGE_PORT' })
    },
    checkMessagePort: ports.isPort,
  }
}

interface BroadcastGroup {
  native: BroadcastChannel
  handles: Set<MessagePort>
}

/** The browser's class, which takes the name among options, too, and tells where an exception was made, as Node's does. */
function defineDomException() {
  const Native = natives.DOMException
  function DOMException(message?: string, options?: string | { name?: string; cause?: unknown }) {
    if (new.target === undefined) throw new TypeError("Class constructor DOMException cannot be invoked without 'new'")
    const name = typeof options === 'object' ? options?.name : options
    const error = Reflect.construct(Native, [message, name], new.target) as DOMException
    if (typeof options === 'object' && 'cause' in options)
      Object.defineProperty(error, 'cause', { value: options.cause, writable: true, configurable: true })
    const { captureStackTrace } = Error as ErrorConstructor & { captureStackTrace?: typeof Error.captureStackTrace }
    captureStackTrace?.(error, DOMException)
    return error
  }
  const { length: _length, name: _name, ...constants } = Object.getOwnPropertyDescriptors(Native)
  Object.defineProperties(DOMException, { ...constants, length: { value: 0, configurable: true } })
  Object.defineProperty(Native.prototype, 'constructor', { value: DOMException, writable: true, configurable: true })
  return DOMException
}

const structuredCopy = (envelope: Envelope): Envelope => natives.structuredClone(envelope)
