/**
 * `TZ` of the environment: the browser has one time zone, and a program may ask for another. Local time is worked out
 * from the zone's distance to UTC, which the browser's own tables tell; nothing changes while the two zones are one.
 */
export function setTimeZone(name: string | undefined): void {
  if (name === undefined && present === null) return
  const zone = name === undefined ? null : knownZone(name)
  // Asked for late: it takes a millisecond of each process that would ask.
  const next = zone === new NativeFormat().resolvedOptions().timeZone ? null : zone
  if (next === present) return
  present = next
  if (next === null) restore()
  else install(next)
}

/** Whether the zone is another one than the browser's. */
export const hasOwnTimeZone = (): boolean => present !== null

// A program's own proxies are told apart; these are none of them.
const NativeProxy = globalThis.Proxy
const NativeDate = globalThis.Date
const NativeFormat = Intl.DateTimeFormat
const { prototype } = NativeDate
const { getTimezoneOffset } = prototype
const nativeMethods = Object.getOwnPropertyDescriptors(prototype)
/** Null for the browser's own. */
let present: string | null = null

/** Where there is no such zone, Unix takes UTC. */
function knownZone(name: string): string {
  try {
    return new NativeFormat('en-US', { timeZone: name.replace(/^:/, '') }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}

function restore() {
  Object.defineProperties(prototype, nativeMethods)
  globalThis.Date = NativeDate
  Intl.DateTimeFormat = NativeFormat
}

function install(zone: string) {
  restore()
  const clock = createZoneClock(zone)
  for (const [name, value] of Object.entries(methodsOf(zone, clock)))
    Object.defineProperty(prototype, name, { value: named(name, value), writable: true, configurable: true })
  const wrap = <Target extends object>(target: Target, handler: ProxyHandler<Target>) =>
    new NativeProxy(target, handler)
  const parse = named('parse', (text: unknown) => parseLocal(String(text), clock))
  globalThis.Date = wrap(NativeDate, {
    apply: () => String(new NativeDate()),
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [] : [instantOf(values, clock)], newTarget),
    get: (target, key, receiver) => (key === 'parse' ? parse : Reflect.get(target, key, receiver)),
  })
  const inZone = ([locales, options]: unknown[]) => [locales, withZone(options, zone)]
  Intl.DateTimeFormat = wrap(NativeFormat, {
    apply: (target, self, values) => Reflect.apply(target, self, inZone(values)),
    construct: (target, values, newTarget) => Reflect.construct(target, inZone(values), newTarget),
  })
  Object.defineProperty(prototype, 'constructor', { value: globalThis.Date, writable: true, configurable: true })
}

const named = <Fn extends object>(name: string, fn: Fn) => Object.defineProperty(fn, 'name', { value: name })

const withZone = (options: unknown, timeZone: string) =>
  Object(options).timeZone === undefined ? { ...Object(options), timeZone } : options

interface ZoneClock {
  /** What local time is ahead of UTC at an instant. */
  offsetAt(instant: number): number
  /** The instant of a local time, given as if it were UTC; at the end of summer time the first of two. */
  toInstant(local: number): number
}

/** No zone has changed its clocks but at a full quarter of an hour. */
const quarterMs = 15 * 60_000
const dayMs = 86_400_000
const maxKnownOffsets = 10_000

function createZoneClock(timeZone: string): ZoneClock {
  const date = { era: 'short', year: 'numeric', month: 'numeric', day: 'numeric' } as const
  const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const
  const format = new NativeFormat('en-US', { timeZone, ...date, ...time })
  const known = new Map<number, number>()

  function measure(instant: number): number {
    const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]))
    const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year)
    const local = new NativeDate(0)
    local.setUTCFullYear(year, Number(part.month) - 1, Number(part.day))
    local.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second))
    return local.getTime() - Math.floor(instant / 1000) * 1000
  }

  function offsetAt(instant: number): number {
    const quarter = Math.floor(instant / quarterMs)
    const before = known.get(quarter)
    if (before !== undefined) return before
    const offset = measure(quarter * quarterMs)
    if (known.size >= maxKnownOffsets) known.clear()
    known.set(quarter, offset)
    return offset
  }

  return {
    offsetAt,
    toInstant(local) {
      if (!Number.isFinite(local) || Math.abs(local) > 8.64e15 + dayMs) return Number.NaN
      const inRange = (instant: number) => Math.max(-8.64e15, Math.min(8.64e15, instant))
      const before = offsetAt(inRange(local - dayMs))
      const after = offsetAt(inRange(local + dayMs))
      if (offsetAt(inRange(local - before)) === before) return local - before
      // A time that the clocks skip is read as if they had not been changed yet.
      return offsetAt(inRange(local - after)) === after ? local - after : local - before
    },
  }
}

/** `new Date(…)` with values. */
function instantOf(values: unknown[], clock: ZoneClock): unknown {
  if (values.length > 1) return clock.toInstant(Reflect.apply(utcOf, undefined, values.map(Number)))
  const [value] = values
  if (value instanceof NativeDate) return value.getTime()
  const primitive = typeof value === 'object' && value !== null ? toPrimitive(value) : value
  return typeof primitive === 'string' ? parseLocal(primitive, clock) : primitive
}

const utcOf = NativeDate.UTC

/** As `new Date(object)` turns objects into texts or numbers. */
function toPrimitive(value: object): unknown {
  const exotic = (value as { [Symbol.toPrimitive]?: (hint: string) => unknown })[Symbol.toPrimitive]
  if (typeof exotic === 'function') return exotic.call(value, 'default')
  const own = value.valueOf()
  return typeof own === 'object' ? String(value) : own
}

const dateAlone = /^\s*[+-]?\d{4,6}(?:-\d\d(?:-\d\d)?)?\s*$/
const withOffset =
  /(?:Z|UTC?|GMT|[ECMP][SD]T)\s*(?:\(.*\))?\s*$|\d[:\s.].*[+-]\d{1,2}:?\d{2}\s*(?:\(.*\))?\s*$|GMT[+-]/i

/** Texts that name no zone are local. */
function parseLocal(text: string, clock: ZoneClock): number {
  const instant = NativeDate.parse(text)
  if (Number.isNaN(instant) || dateAlone.test(text) || withOffset.test(text)) return instant
  return clock.toInstant(instant - getTimezoneOffset.call(new NativeDate(instant)) * 60_000)
}

type Method = (this: Date, ...values: never[]) => unknown

function methodsOf(zone: string, { offsetAt, toInstant }: ZoneClock): Record<string, Method> {
  const timeOf = nativeMethods.getTime.value as (this: Date) => number
  /** A date whose UTC fields are the local ones. */
  const shifted = (date: Date) => {
    const instant = timeOf.call(date)
    return new NativeDate(Number.isNaN(instant) ? instant : instant + offsetAt(instant))
  }
  const fields = 'FullYear Month Date Day Hours Minutes Seconds Milliseconds'.split(' ')
  const getters = fields.map((field) => [
    `get${field}`,
    function (this: Date) {
      return Reflect.get(prototype, `getUTC${field}`).call(shifted(this))
    },
  ])
  const setters = fields
    .filter((field) => field !== 'Day')
    .map((field) => [
      `set${field}`,
      function (this: Date, ...values: unknown[]) {
        const date = shifted(this)
        // A year alone makes an invalid date valid, from the zone's first of January.
        if (field === 'FullYear' && Number.isNaN(date.getTime())) date.setTime(0)
        Reflect.get(prototype, `setUTC${field}`).apply(date, values)
        return this.setTime(toInstant(date.getTime()))
      },
    ])
  const nameFormat = new NativeFormat('en-US', { timeZone: zone, timeZoneName: 'long' })
  // Years in which a zone went by another name show that of today.
  const days = [utcOf(2024, 0), utcOf(2024, 6)] as const
  const nameAt = (instant: number) => {
    const day = days.find((known) => offsetAt(known) === offsetAt(instant)) ?? days[0]
    return nameFormat.formatToParts(day).find(({ type }) => type === 'timeZoneName')?.value
  }
  const dayText = (date: Date) =>
    shifted(date)
      .toUTCString()
      .replace(/^(\w+), (\d+) (\w+) (-?\d+) .*$/, '$1 $3 $2 $4')
  const timeText = (date: Date) => {
    const minutes = Math.trunc(offsetAt(timeOf.call(date)) / 60_000)
    const pad = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0')
    const distance = `${minutes < 0 ? '-' : '+'}${pad(minutes / 60)}${pad(Math.abs(minutes) % 60)}`
    return `${shifted(date)
      .toISOString()
      .replace(/^.*T(.{8}).*$/, '$1')} GMT${distance} (${nameAt(timeOf.call(date))})`
  }
  const valid = (toText: (date: Date) => string) =>
    function (this: Date) {
      return Number.isNaN(timeOf.call(this)) ? 'Invalid Date' : toText(this)
    }
  const localized = ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'].map((name) => [
    name,
    function (this: Date, locales?: unknown, options?: unknown) {
      const format = (nativeMethods as Record<string, PropertyDescriptor>)[name]?.value
      return format.call(this, locales, withZone(options, zone))
    },
  ])
  return {
    ...Object.fromEntries([...getters, ...setters, ...localized]),
    getYear(this: Date) {
      return shifted(this).getUTCFullYear() - 1900
    },
    getTimezoneOffset(this: Date) {
      const instant = timeOf.call(this)
      // Not -0 for UTC.
      return Number.isNaN(instant) ? instant : 0 - offsetAt(instant) / 60_000
    },
    toString: valid((date) => `${dayText(date)} ${timeText(date)}`),
    toDateString: valid(dayText),
    toTimeString: valid(timeText),
  }
}
