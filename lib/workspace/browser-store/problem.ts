import { messageOf } from '@/lib/base'

/** Why storage refuses, for the banner. */
export interface SaveProblem {
  /** `taken-over`: another tab writes now. `gone`: the project was deleted, or the browser threw it away. */
  kind: 'quota' | 'outdated' | 'taken-over' | 'gone' | 'blocked'
  /** What is wrong and what to do. */
  message: string
}

export class StorageRefused extends Error implements SaveProblem {
  override readonly name = 'StorageRefused'
  readonly kind: SaveProblem['kind']

  constructor(kind: SaveProblem['kind'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.kind = kind
  }
}

/** Browsers name a full disk, private mode and a closed database in many ways; what is not known counts as blocked. */
export function toStorageRefused(error: unknown): StorageRefused {
  if (error instanceof StorageRefused) return error
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  if (name === 'QuotaExceededError') {
    return new StorageRefused('quota', 'The browser’s storage is full. Download the project, or delete old ones.', {
      cause: error,
    })
  }
  if (name === 'VersionError') {
    return new StorageRefused('outdated', 'A newer version is open in another tab. Reload this page to update.', {
      cause: error,
    })
  }
  return new StorageRefused(
    'blocked',
    `The browser refuses to store anything (${messageOf(error) || name}). Let this site store data, or use a window that is not private.`,
    { cause: error },
  )
}

/** Trying again by itself cannot help. */
export function isFinal(problem: SaveProblem): boolean {
  return problem.kind === 'taken-over' || problem.kind === 'gone'
}
