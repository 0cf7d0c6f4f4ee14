import { type Execute, failure, pathFrom } from '../command'

/** `date -I`, `--iso-8601=seconds`, `-d "2 days ago"`, `-d tomorrow`, `-r <file>`; the rest is just-bash's. */
export const date: Execute = async (args, context) => {
  const words: string[] = []
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? ''
    const iso = /^(?:-I|--iso-8601=?)(date|hours|minutes|seconds)?$/.exec(word)
    const named = /^(?:--date=|-d(?=.))(.*)$/s.exec(word)
    if (iso) words.push(isoFormats[iso[1] ?? 'date'] ?? '')
    else if (word === '-d' || word === '--date' || named) {
      const text = named?.[1] ?? args[++at] ?? ''
      const epoch = readRelative(text, Date.now())
      words.push('-d', epoch === null ? text : `@${Math.floor(epoch / 1000)}`)
    } else if (word === '-r' || word.startsWith('--reference')) {
      const name = word.includes('=') ? word.slice(word.indexOf('=') + 1) : (args[++at] ?? '')
      const path = pathFrom(context, name)
      if (!(await context.fs.exists(path))) return failure(`date: '${name}': No such file or directory`)
      words.push('-d', `@${Math.floor((await context.fs.stat(path)).mtime.getTime() / 1000)}`)
    } else words.push(word)
  }
  if (!context.origCommand) throw new Error('The command has no original.')
  return context.origCommand(words)
}

const isoFormats: Record<string, string> = {
  date: '+%Y-%m-%d',
  hours: '+%Y-%m-%dT%H+00:00',
  minutes: '+%Y-%m-%dT%H:%M+00:00',
  seconds: '+%Y-%m-%dT%H:%M:%S+00:00',
}
const namedDays: Record<string, string> = { yesterday: '-1 day', tomorrow: '+1 day', today: '', now: '' }

/** Milliseconds since the epoch for a date with `+1 day`, `2 weeks ago`, `yesterday` in it; null when there is none. */
function readRelative(text: string, now: number): number | null {
  const spelled = text
    .toLowerCase()
    .replaceAll(/\b(yesterday|tomorrow|today|now)\b/g, (word) => namedDays[word] ?? '')
    .replaceAll(/\b(next|last)\s+/g, (_, word: string) => (word === 'next' ? '+1 ' : '-1 '))
  const step = /([+-]?\s*\d+)\s*(second|sec|minute|min|hour|day|week|fortnight|month|year)s?(\s+ago)?/g
  const steps = [...spelled.matchAll(step)]
  if (steps.length === 0 && spelled === text.toLowerCase()) return null
  const rest = spelled.replaceAll(step, '').trim()
  const base = rest === '' ? new Date(now) : new Date(/\d:\d/.test(rest) ? `${rest}Z` : rest)
  if (Number.isNaN(base.getTime())) return null
  for (const [, number = '', unit = '', ago] of steps) {
    const count = Number(number.replaceAll(' ', '')) * (ago ? -1 : 1)
    if (unit === 'month') base.setUTCMonth(base.getUTCMonth() + count)
    else if (unit === 'year') base.setUTCFullYear(base.getUTCFullYear() + count)
    else base.setTime(base.getTime() + count * (unitSeconds[unit] ?? 0) * 1000)
  }
  return base.getTime()
}

const unitSeconds: Record<string, number> = {
  second: 1,
  sec: 1,
  minute: 60,
  min: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  fortnight: 1_209_600,
}
