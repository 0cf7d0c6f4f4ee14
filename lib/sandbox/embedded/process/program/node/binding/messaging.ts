import { natives } from '../natives'
import type { Binding, BindingContext } from './context'

export function createMessagingBinding(context: BindingContext): Binding {
  return {
    ...context.constants('messaging'),
    MessageChannel: natives.MessageChannel,
    MessagePort: natives.MessagePort,
    DOMException: natives.DOMException,
    exposeLazyDOMExceptionProperty: () => undefined,
    setDeserializerCreateObjectFunction: () => undefined,
    structuredClone: (value: unknown, options?: StructuredSerializeOptions) => natives.structuredClone(value, options),
    stopMessagePort: (port: MessagePort) => port.close(),
    drainMessagePort: () => undefined,
    receiveMessageOnPort: () => undefined,
    checkMessagePort: () => true,
  }
}
