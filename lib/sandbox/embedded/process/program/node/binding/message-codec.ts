import { natives } from '../natives'
import type { AnyFunction, BindingContext } from './context'
import type { MailMemory } from './early-mail'
import { hostObjectsOf, isNative } from './host-objects'
import { proxyDetails } from './types'

/** A message as the browser can clone it. Where objects of Node's stood there are empty ones: `places`, in order. */
export interface Envelope {
  message: unknown
  places?: object[]
  hosts?: HostRecord[]
  /** Of the ports that go with it, in order. */
  mail?: (MailMemory | null)[]
  /** On ports that have early mail. */
  number?: number
}

/** What an object becomes: of a class of the library (`internal/blob:Blob`) or of a binding. */
interface HostRecord {
  spec: string
  isLibrary: boolean
  data: unknown
}

interface EncodedMessage {
  envelope: Envelope
  /** What the browser moves. */
  transfer: Transferable[]
}

interface PortView {
  isPort(value: object): value is MessagePort
  isDetached(port: MessagePort): boolean
}

const needsTransfer = 'Object that needs transfer was found in message but not listed in transferList'
const cannotClone = 'Cannot clone object of unsupported type.'
const cannotTransfer = 'Cannot transfer object of unsupported type.'

/** Node's rules of what goes through message ports, on top of the browser's structured clone. */
export function createMessageCodec(context: BindingContext, ports: PortView) {
  const { symbols, privateSymbols } = context
  const hosts = hostObjectsOf(context)
  const modeSymbol = privateSymbols.transfer_mode_private_symbol ?? ''
  const untransferable = privateSymbols.untransferable_object_private_symbol ?? ''
  const mode = { transferable: 1, cloneable: 2 } as const
  let createObject: (spec: string) => object = () => {
    throw new Error('Messages are read before the library has booted.')
  }

  const modeOf = (value: object) => Reflect.get(value, modeSymbol) as number | undefined
  const isEnvironment = (value: object) => value === context.process.env
  const call = (value: object, symbol: symbol | undefined): unknown =>
    (Reflect.get(value, symbol ?? '') as AnyFunction).call(value)

  function isHost(value: object): boolean {
    return modeOf(value) !== undefined || isNative in value || hosts.kindOf(value) !== undefined
  }

  /** Sorts what is to be moved: what the browser moves, and objects of Node's. */
  function sortTransfer(list: Iterable<unknown>, source: MessagePort | null) {
    const native = new Set<Transferable>()
    const own = new Set<object>()
    const add = (value: unknown, isNested = false) => {
      if (typeof value !== 'object' || value === null) throw invalidTransfer()
      if (Reflect.get(value, untransferable) === true) throw cloneError(cannotTransfer)
      const isKnown = native.has(value as Transferable) || own.has(value)
      const isPort = ports.isPort(value)
      if (isPort && !isNested && ports.isDetached(value))
        throw cloneError('MessagePort in transfer list is already detached')
      if (value === source) throw cloneError('Transfer list contains source port')
      if (isKnown) throw cloneError(`Transfer list contains duplicate ${nameOf(value)}`)
      if (isPort || value instanceof ArrayBuffer) native.add(value)
      else if (isHost(value)) addHost(value)
      else throw invalidTransfer()
    }
    const addHost = (value: object) => {
      const canTransfer =
        hosts.kindOf(value)?.transfer !== undefined || ((modeOf(value) ?? 0) & mode.transferable) !== 0
      if (!canTransfer) throw cloneError(cannotTransfer)
      own.add(value)
      const nested: unknown = Reflect.get(value, symbols.messaging_transfer_list_symbol ?? '')
      if (typeof nested === 'function') for (const item of nested.call(value)) if (!own.has(item)) add(item, true)
    }
    for (const item of list) add(item)
    return { native, own }
  }

  function encode(message: unknown, list: Iterable<unknown>, source: MessagePort | null): EncodedMessage {
    const { native, own } = sortTransfer(list, source)
    const transfer = [...native]
    if (own.size === 0 && !holdsHosts(message, native)) return { envelope: { message }, transfer }
    return { envelope: rebuild(message, native, own), transfer }
  }

  /** Most messages have nothing of Node's in them, and go to the browser as they are. */
  function holdsHosts(message: unknown, listed: ReadonlySet<Transferable>): boolean {
    if (typeof message !== 'object' || message === null) return false
    const seen = new Set<object>()
    const waiting: object[] = [message]
    const look = (value: unknown) => {
      if (typeof value === 'object' && value !== null) waiting.push(value)
    }
    for (let value = waiting.pop(); value; value = waiting.pop()) {
      if (seen.has(value)) continue
      seen.add(value)
      if (Array.isArray(value)) value.forEach(look)
      else if (isMap(value)) {
        value.forEach((entry, key) => {
          look(key)
          look(entry)
        })
      } else if (isSet(value)) value.forEach(look)
      else if (isPlainData(value)) continue
      else if (ports.isPort(value)) {
        if (!listed.has(value)) throw cloneError(needsTransfer)
      } else if (isHost(value) || isEnvironment(value)) return true
      else if (!isOpaque(value)) for (const key of Object.keys(value)) look(Reflect.get(value, key))
    }
    return false
  }

  /** A copy of the message in which only the browser's own kinds of objects are left. */
  function rebuild(message: unknown, listed: ReadonlySet<Transferable>, own: ReadonlySet<object>): Envelope {
    const copies = new Map<object, object>()
    const places: object[] = []
    const records: HostRecord[] = []

    function copy(value: unknown): unknown {
      if (typeof value !== 'object' || value === null || isPlainData(value)) return value
      const known = copies.get(value)
      if (known) return known
      if (ports.isPort(value)) {
        if (!listed.has(value)) throw cloneError(needsTransfer)
        if (ports.isDetached(value)) throw cloneError('MessagePort in transfer list is already detached')
        return value
      }
      if (isMap(value)) {
        const map = keep(value, new Map())
        value.forEach((entry, key) => {
          map.set(copy(key), copy(entry))
        })
        return map
      }
      if (isSet(value)) {
        const set = keep(value, new Set())
        value.forEach((entry) => {
          set.add(copy(entry))
        })
        return set
      }
      if (!Array.isArray(value) && !isEnvironment(value)) {
        if (isHost(value)) return place(value)
        if (isOpaque(value)) return value
      }
      const made = keep(value, Array.isArray(value) ? new Array(value.length) : {})
      for (const key of Object.keys(value)) Reflect.set(made, key, copy(Reflect.get(value, key)))
      return made
    }
    function keep<Value extends object>(original: object, made: Value): Value {
      copies.set(original, made)
      return made
    }
    function place(value: object): object {
      const made = keep(value, {})
      const index = places.push(made) - 1
      records.push({ spec: '', isLibrary: false, data: null })
      const { data, ...rest } = describe(value, own.has(value))
      records[index] = { ...rest, data: copy(data) }
      return made
    }

    const root = copy(message)
    // What is moved goes over whether or not the message names it.
    for (const value of own) copy(value)
    return { message: root, places, hosts: records }
  }

  function describe(value: object, isListed: boolean): HostRecord {
    const kind = hosts.kindOf(value)
    if (kind) {
      const write = isListed ? kind.transfer : kind.clone
      if (!write) throw cloneError(kind.transfer ? needsTransfer : cannotClone)
      return { spec: kind.name, isLibrary: false, data: write(value) }
    }
    const allowed = modeOf(value) ?? 0
    const isCloneable = (allowed & mode.cloneable) !== 0
    if (!isListed && !isCloneable) throw cloneError((allowed & mode.transferable) !== 0 ? needsTransfer : cannotClone)
    const symbol = isListed ? symbols.messaging_transfer_symbol : symbols.messaging_clone_symbol
    const { data, deserializeInfo } = call(value, symbol) as { data: unknown; deserializeInfo: string }
    return { spec: deserializeInfo, isLibrary: true, data }
  }

  /** The message as its receiver sees it. */
  function decode({ message, places, hosts: records = [] }: Envelope): unknown {
    if (!places) return message
    const indices = new Map(places.map((place, index) => [place, index]))
    const restored: (object | undefined)[] = []
    const seen = new Set<object>()

    function restore(index: number): object {
      const known = restored[index]
      if (known) return known
      const { spec, isLibrary, data } = records[index] as HostRecord
      if (!isLibrary) {
        const made = hosts.restore(spec, replace(data))
        restored[index] = made
        return made
      }
      const made = createObject(spec)
      restored[index] = made
      const deserialize = Reflect.get(made, symbols.messaging_deserialize_symbol ?? '') as (data: unknown) => void
      deserialize.call(made, replace(data))
      return made
    }
    function replace(value: unknown): unknown {
      if (typeof value !== 'object' || value === null) return value
      const index = indices.get(value)
      if (index !== undefined) return restore(index)
      if (seen.has(value) || isPlainData(value)) return value
      seen.add(value)
      if (isMap(value)) {
        const entries = [...value]
        value.clear()
        for (const [key, entry] of entries) value.set(replace(key), replace(entry))
      } else if (isSet(value)) {
        const entries = [...value]
        value.clear()
        for (const entry of entries) value.add(replace(entry))
      } else if (!ports.isPort(value) && !isOpaque(value)) {
        for (const key of Object.keys(value)) Reflect.set(value, key, replace(Reflect.get(value, key)))
      }
      return value
    }

    return replace(message)
  }

  return {
    encode,
    decode,
    /** Node's library makes the objects of its classes. */
    onCreate(create: (spec: string) => object) {
      createObject = create
    },
  }
}

// Those of the library inherit from nothing.
const tagOf = (value: object): string => Object.prototype.toString.call(value)
const isMap = (value: object): value is Map<unknown, unknown> => tagOf(value) === '[object Map]'
const isSet = (value: object): value is Set<unknown> => tagOf(value) === '[object Set]'

/** What the browser clones without looking further. */
function isPlainData(value: object): boolean {
  return (
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer ||
    value instanceof Date ||
    value instanceof RegExp ||
    (typeof SharedArrayBuffer === 'function' && value instanceof SharedArrayBuffer)
  )
}

/** What the browser clones, or says that it cannot, by rules of its own. */
function isOpaque(value: object): boolean {
  return value instanceof Error || proxyDetails(value) !== undefined
}

function cloneError(message: string): DOMException {
  return new natives.DOMException(message, 'DataCloneError')
}

function invalidTransfer(): Error {
  return Object.assign(new TypeError('Found invalid object in transferList'), { code: 'ERR_INVALID_TRANSFER_OBJECT' })
}

const nameOf = (value: object): string =>
  (Reflect.get(value, 'constructor') as { name?: string } | undefined)?.name ?? ''

/** Has the browser clone or send; what it cannot clone it says in its own name. */
export function withNodeWords<Result>(task: () => Result): Result {
  try {
    return task()
  } catch (error) {
    if (!(error instanceof natives.DOMException)) throw error
    throw new natives.DOMException(error.message.replace(/^Failed to execute '\w+' on '\w+': /, ''), error.name)
  }
}
