import { spawnSync } from 'node:child_process'
import { afterEach, expect, it } from 'vitest'
import { setTimeZone } from './time-zone'

afterEach(() => setTimeZone(undefined))

/** Run in Node with its own TZ, and here: what it answers must be the same. */
function observe(): unknown[] {
  const at = (text: string) => new Date(text)
  const texts = ['2024-03-10', '2024-03-10T02:30:00', '2024-11-03T01:30:00', '2024-07-01 12:00', 'Jan 5, 1970 10:20:30']
  const zoned = ['2024-03-10T02:30:00Z', '2024-03-10T02:30:00.5+05:30', 'Tue, 05 Nov 2024 10:00:00 GMT', 'nonsense', '']
  const march = new Date(2024, 2, 31, 0, 59)
  march.setHours(2)
  march.setMinutes(61, 5)
  const invalid = new Date(Number.NaN)
  invalid.setFullYear(2020, 1, 29)
  class Day extends Date {}
  const plain = new Date(Date.UTC(2024, 0, 1, 3, 4, 5, 6))
  return [
    ...[...texts, ...zoned].map((text) => [at(text).getTime(), Date.parse(text)]),
    ...[plain, at('1900-01-01T00:00:00Z'), at('2050-06-15T00:00:00Z')].map((date) => [
      [date.toString(), date.toDateString(), date.toTimeString(), date.toLocaleString('en-US'), date.toJSON()],
      [date.getFullYear(), date.getMonth(), date.getDate(), date.getDay(), date.getHours(), date.getMinutes()],
      Math.round(date.getTimezoneOffset()),
    ]),
    [
      march.getTime(),
      invalid.getTime(),
      new Date(99, 0).getTime(),
      new Date(plain).getTime(),
      new Day(2024, 5).getTime(),
    ],
    [new Date(Number.NaN).toString(), new Date(2024, 12, 0, 24).toISOString()],
    [new Intl.DateTimeFormat().resolvedOptions().timeZone, plain.toLocaleTimeString('de', { timeZone: 'UTC' })],
    [new Day() instanceof Date, typeof Date(), Date.name, Date.length, plain.constructor === Date],
  ]
}

const zones = ['America/New_York', 'Europe/London', 'Pacific/Auckland', 'Asia/Kolkata', 'UTC']

it('gives programs the local time of a zone as Node does', () => {
  const script = `const told = {}
    for (const zone of ${JSON.stringify(zones)}) { process.env.TZ = zone; told[zone] = (${observe.toString()})() }
    console.log(JSON.stringify(told))`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  const told: Record<string, unknown> = {}
  for (const zone of zones) {
    setTimeZone(zone)
    told[zone] = observe()
  }
  expect(JSON.parse(JSON.stringify(told)), stderr).toEqual(JSON.parse(stdout))
})

it('leaves the browser’s own Date where the zone is the browser’s', () => {
  const before = Date
  setTimeZone(new Intl.DateTimeFormat().resolvedOptions().timeZone)
  expect(Date).toBe(before)
})
