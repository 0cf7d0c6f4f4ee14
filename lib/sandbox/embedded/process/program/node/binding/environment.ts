import { natives } from '../natives'
import { setTimeZone } from '../time-zone'
import type { BindingContext } from './context'

/** `process.env`: values are texts, whatever is assigned; only plain properties can be defined. */
export function createEnvironment(context: BindingContext, values: Record<string, string>): Record<string, string> {
  const toText = (value: unknown) => {
    if (typeof value === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string')
    return String(value)
  }
  setTimeZone(values.TZ)
  return new natives.Proxy(Object.assign({}, values), {
    set(target, key, value) {
      if (typeof key === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string')
      // No variable is without a name.
      if (key !== '') target[key] = toText(value)
      if (key === 'TZ') setTimeZone(target[key])
      return true
    },
    deleteProperty(target, key) {
      if (key === 'TZ') setTimeZone(undefined)
      return Reflect.deleteProperty(target, key)
    },
    defineProperty(target, key, descriptor) {
      if (!('get' in descriptor || 'set' in descriptor)) {
        if (!descriptor.configurable || !descriptor.writable || !descriptor.enumerable) {
          throw context.nodeError(
            'ERR_INVALID_OBJECT_DEFINE_PROPERTY',
            "'process.env' only accepts a configurable, writable, and enumerable data descriptor",
          )
        }
        target[String(key)] = toText(descriptor.value)
        return true
      }
      throw context.nodeError(
        'ERR_INVALID_OBJECT_DEFINE_PROPERTY',
        "'process.env' does not accept an accessor(getter/setter) descriptor",
      )
    },
  })
}
