import { natives } from '../natives'
import type { Binding, BindingContext } from './context'
import { portToolsOf } from './message-port'

const NativeBroadcastChannel = globalThis.BroadcastChannel

export function createMessagingBinding(context: BindingContext): Binding {
  const ports = portToolsOf(context)

  /** The handle of a `BroadcastChannel`: reaches the threads of this process. */
  function broadcastChannel(name: string): MessagePort {
    const channel = new NativeBroadcastChannel(`process ${context.host.pid}: ${name}`)
    const { port1: handle, port2 } = ports.createChannel()
    channel.onmessage = ({ data }) => port2.postMessage(data)
    const close = handle.close.bind(handle)
    Object.assign(handle, {
      postMessage(value: unknown) {
        channel.postMessage(value)
        return true
      },
      close() {
        channel.close()
        close()
      },
    })
    return handle
  }

  return {
    ...context.constants('messaging'),
    MessageChannel: class MessageChannel {
      constructor() {
        Object.assign(this, ports.createChannel())
      }
    },
    MessagePort: ports.MessagePort,
    /** Leads to every port of the Worker; for tests that play a hostile program. */
    nativePortPrototype: natives.MessagePort.prototype,
    DOMException: natives.DOMException,
    broadcastChannel,
    createMessageEvent: (type: string, init: object) => createMessageEvent(context, type, init),
    exposeLazyDOMExceptionProperty: () => undefined,
    setDeserializerCreateObjectFunction: () => undefined,
    structuredClone: (value: unknown, options?: unknown) => ports.clone(value, options),
    stopMessagePort: ports.stop,
    drainMessagePort: (port: unknown) => ports.isPort(port) && ports.drain(port),
    receiveMessageOnPort(port: unknown) {
      if (!ports.isPort(port)) {
        throw context.nodeError('ERR_INVALID_ARG_TYPE', 'port', ['MessagePort', 'BroadcastChannel'], port)
      }
      const parcel = ports.take(port)
      return parcel ? parcel.value : context.symbols.no_message_symbol
    },
    // There is one context in a thread.
    moveMessagePortToContext: (port: unknown) => port,
    checkMessagePort: ports.isPort,
  }
}

interface EventTargetModule {
  Event: new (type: string) => object
}

/** What `addEventListener('message')` on a port is told. */
function createMessageEvent(context: BindingContext, type: string, init: object): object {
  const { Event } = context.require<EventTargetModule>('internal/event_target')
  const event = new Event(type)
  const fields = { data: null, origin: '', lastEventId: '', source: null, ports: [], ...init }
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(event, name, {
      value: name === 'ports' ? Object.freeze([...((value as unknown[]) ?? [])]) : value,
      enumerable: true,
    })
  }
  return event
}
