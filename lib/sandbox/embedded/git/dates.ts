import { formatZone } from './reflog'
import type { Identity } from './repository'

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A date in one of git's `--date` styles, in the time zone that it was recorded in. */
export function formatDate({ timestamp, timezoneOffset }: Identity, style: string): string {
  const local = new Date((timestamp - timezoneOffset * 60) * 1000)
  const zone = formatZone(timezoneOffset)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${local.getUTCFullYear()}-${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}`
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`
  const weekday = days[local.getUTCDay()]
  const month = months[local.getUTCMonth()]
  if (style.startsWith('format:')) {
    const parts: Record<string, string> = {
      Y: String(local.getUTCFullYear()),
      y: String(local.getUTCFullYear()).slice(2),
      m: two(local.getUTCMonth() + 1),
      d: two(local.getUTCDate()),
      e: String(local.getUTCDate()).padStart(2),
      H: two(local.getUTCHours()),
      M: two(local.getUTCMinutes()),
      S: two(local.getUTCSeconds()),
      F: day,
      T: time,
      a: weekday ?? '',
      b: month ?? '',
      z: zone,
      s: String(timestamp),
      n: '\n',
      '%': '%',
    }
    return style.slice(7).replaceAll(/%(.)/g, (all, letter: string) => parts[letter] ?? all)
  }
  switch (style) {
    case 'iso':
    case 'iso8601':
      return `${day} ${time} ${zone}`
    case 'iso-strict':
    case 'iso8601-strict':
      return `${day}T${time}${zone === '+0000' ? '+00:00' : `${zone.slice(0, 3)}:${zone.slice(3)}`}`
    case 'short':
      return day
    case 'unix':
      return String(timestamp)
    case 'raw':
      return `${timestamp} ${zone}`
    case 'relative':
      return relative(Date.now() / 1000 - timestamp)
    case 'rfc':
    case 'rfc2822':
      return `${weekday}, ${local.getUTCDate()} ${month} ${local.getUTCFullYear()} ${time} ${zone}`
    default:
      return `${weekday} ${month} ${local.getUTCDate()} ${time} ${local.getUTCFullYear()} ${zone}`
  }
}

const steps: readonly [limit: number, seconds: number, unit: string][] = [
  [90, 1, 'second'],
  [90 * 60, 60, 'minute'],
  [36 * 3600, 3600, 'hour'],
  [14 * 86400, 86400, 'day'],
  [70 * 86400, 7 * 86400, 'week'],
  [365 * 86400, 30 * 86400, 'month'],
]

function relative(seconds: number): string {
  const [, size, unit] = steps.find(([limit]) => seconds < limit) ?? [0, 365 * 86400, 'year']
  const count = Math.max(0, Math.round(seconds / size))
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`
}
