import type { ProcessHost } from '../process/host'
import { type ConfigEntry, isSameKey } from './git-config'
import { createPaint, type Paint } from './paint'
import { type Identity, Repository } from './repository'

/** One run of `git`: where it stands, what it was told, and what it says. */
export interface GitContext {
  host: ProcessHost
  /** The words after the command's name. */
  args: string[]
  cwd: string
  paint: Paint
  out(text: string): void
  err(text: string): void
  config(key: string): string | undefined
  configEntries: readonly ConfigEntry[]
  repository(): Repository
  identity(role: 'author' | 'committer'): Identity
  /** Whether a terminal shows the output. */
  isShown: boolean
  /** Columns of the terminal, or 80. */
  width: number
}

export type GitCommand = (context: GitContext) => Promise<number>

export interface ContextOptions {
  host: ProcessHost
  args: string[]
  cwd: string
  configEntries: readonly ConfigEntry[]
}

/** Used until `git config user.name` and `user.email` are set; `git commit` says so. */
export const defaultIdentity = { name: 'Vitrine user', email: 'user@vitrine.invalid' }

export function createContext({ host, args, cwd, configEntries }: ContextOptions): GitContext {
  const config = (key: string) => configEntries.findLast((entry) => isSameKey(entry.key, key))?.value
  const color = config('color.ui') ?? 'auto'
  let found: Repository | null = null
  return {
    host,
    args,
    cwd,
    config,
    configEntries,
    paint: createPaint(color === 'always' || (color !== 'false' && color !== 'never' && isShown(host))),
    isShown: isShown(host),
    out: (text) => host.stdout(text),
    err: (text) => host.stderr(text),
    width: host.terminal?.columns ?? 80,
    repository() {
      found ??= Repository.find(host.fs, cwd)
      return found
    },
    identity(role) {
      const prefix = `GIT_${role.toUpperCase()}`
      const date = parseDate(host.env[`${prefix}_DATE`])
      return {
        name: host.env[`${prefix}_NAME`] ?? config('user.name') ?? defaultIdentity.name,
        email: host.env[`${prefix}_EMAIL`] ?? config('user.email') ?? defaultIdentity.email,
        ...date,
      }
    },
  }
}

function isShown({ kernel, terminal }: ProcessHost): boolean {
  return kernel ? kernel.standard[1] === 'terminal' : terminal !== null
}

/** `1700000000 +0200` or anything that JavaScript reads as a date; now by default. */
export function parseDate(text: string | undefined): Pick<Identity, 'timestamp' | 'timezoneOffset'> {
  const raw = /^@?(\d{5,}) ([+-])(\d\d)(\d\d)$/.exec(text ?? '')
  if (raw) {
    const [, seconds, sign, hours, minutes] = raw
    const offset = Number(hours) * 60 + Number(minutes)
    return { timestamp: Number(seconds), timezoneOffset: sign === '+' ? 0 - offset : offset }
  }
  const date = text ? new Date(text) : new Date()
  const valid = Number.isNaN(date.getTime()) ? new Date() : date
  return { timestamp: Math.floor(valid.getTime() / 1000), timezoneOffset: valid.getTimezoneOffset() }
}
