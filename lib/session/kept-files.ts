import { type FileData, type FileMap, isLink, type LinkMap } from '@/lib/workspace'

/** What programs keep beside the project's files: what `machineOnly` keeps, such as `.git`, and symbolic links. */
export interface KeptFiles {
  files(): FileMap
  links(): LinkMap
  save(path: string, data: FileData | null): void
  saveLink(path: string, target: string | null): void
  /** Another tab has written meanwhile. */
  reload(stored: Readonly<Record<string, unknown>>): void
}

export interface KeptFilesOptions {
  /** What is stored with the project under names; stored under its id, so that it goes when the project goes. */
  memory: Map<string, unknown>
  setMemory(key: string, value: unknown): void
}

const filePrefix = 'kept:'
const linkPrefix = 'link:'

export function createKeptFiles({ memory, setMemory }: KeptFilesOptions): KeptFiles {
  const entries = <Value>(prefix: string, isValid: (path: string, value: unknown) => value is Value) =>
    new Map(
      [...memory].flatMap(([key, value]): [string, Value][] => {
        const path = key.slice(prefix.length)
        return key.startsWith(prefix) && isValid(path, value) ? [[path, value]] : []
      }),
    )
  return {
    files: () => entries(filePrefix, isFile),
    links: () => entries(linkPrefix, isLink),
    save: (path, data) => setMemory(filePrefix + path, data ?? undefined),
    saveLink: (path, target) => setMemory(linkPrefix + path, target ?? undefined),
    reload(stored) {
      const isKept = (key: string) => key.startsWith(filePrefix) || key.startsWith(linkPrefix)
      for (const key of [...memory.keys()].filter(isKept)) memory.delete(key)
      for (const [key, value] of Object.entries(stored)) if (isKept(key)) memory.set(key, value)
    },
  }
}

/** The memory of a new project that has these links. */
export function linkMemory(links: LinkMap): [key: string, target: string][] {
  return [...links].map(([path, target]) => [linkPrefix + path, target])
}

const isFile = (_path: string, value: unknown): value is FileData =>
  typeof value === 'string' || value instanceof Uint8Array
