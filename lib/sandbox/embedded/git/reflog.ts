import type { Identity, Repository } from './repository'

export interface ReflogEntry {
  before: string
  after: string
  message: string
}

const none = '0'.repeat(40)

/** Newest first. */
export function readReflog(repository: Repository, ref: string): ReflogEntry[] {
  const lines = (repository.readText(`logs/${ref}`) ?? '').split('\n').filter(Boolean)
  return lines.reverse().map((line) => {
    const [head = '', message = ''] = line.split('\t')
    const [before = '', after = ''] = head.split(' ')
    return { before, after, message }
  })
}

export interface RefMove {
  before: string | null
  after: string
  message: string
  identity: Identity
}

/** Adds a line to the log of each ref. */
export function appendReflog(repository: Repository, refs: readonly string[], move: RefMove): void {
  const { before, after, message, identity } = move
  const line = `${before ?? none} ${after} ${formatIdentity(identity)}\t${message.split('\n')[0]}\n`
  for (const ref of refs) repository.writeText(`logs/${ref}`, line, { append: true })
}

/** Removes entry `index`, counted from the newest. */
export function dropReflogEntry(repository: Repository, ref: string, index: number): void {
  const lines = (repository.readText(`logs/${ref}`) ?? '').split('\n').filter(Boolean)
  lines.splice(lines.length - 1 - index, 1)
  if (lines.length === 0) repository.remove(`logs/${ref}`)
  else repository.writeText(`logs/${ref}`, lines.map((line) => `${line}\n`).join(''))
}

export function formatIdentity({ name, email, timestamp, timezoneOffset }: Identity): string {
  return `${name} <${email}> ${timestamp} ${formatZone(timezoneOffset)}`
}

/** `+0200`, from minutes west of Greenwich. */
export function formatZone(minutesWest: number): string {
  const minutes = Math.abs(minutesWest)
  const digits = Math.floor(minutes / 60) * 100 + (minutes % 60)
  return `${minutesWest > 0 ? '-' : '+'}${String(digits).padStart(4, '0')}`
}
