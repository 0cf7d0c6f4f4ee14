import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { commandSafety } from './command-safety'

const folder = join(process.env.VITRINE_FIXTURES ?? '../shared/fixtures', 'exec-policy')
const fixture = JSON.parse(readFileSync(join(folder, 'command-safety.json'), 'utf8')) as {
  safe_list: { argv: string[]; safe: boolean }[]
  dangerous: { argv: string[]; match: string | null }[]
}

const toLine = (argv: string[]) => argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')

it('calls nothing safe that the reference does not, and lists where it is stricter', () => {
  const stricter: string[] = []
  for (const { argv, safe } of fixture.safe_list) {
    const { level } = commandSafety(toLine(argv))
    if (!safe) expect.soft(level, argv.join(' ')).not.toBe('safe')
    else if (level !== 'safe') stricter.push(argv.join(' '))
  }
  console.log(`known-safe: ${fixture.safe_list.length} cases, stricter in ${stricter.length}`, stricter)
  expect(stricter.length).toBeLessThanOrEqual(2)
})

it('calls everything dangerous that the reference does, and lists where it is stricter', () => {
  const stricter: string[] = []
  for (const { argv, match } of fixture.dangerous) {
    const safety = commandSafety(toLine(argv))
    if (match) expect.soft(safety, argv.join(' ')).toMatchObject({ level: 'dangerous', match })
    else if (safety.level === 'dangerous') stricter.push(`${argv.join(' ')} (${safety.match})`)
  }
  console.log(`dangerous: ${fixture.dangerous.length} cases, stricter in ${stricter.length}`, stricter)
  expect(stricter.length).toBeLessThanOrEqual(4)
})
