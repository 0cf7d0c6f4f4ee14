import type { FileData, FileMap } from '@/lib/workspace'

/** What programs keep beside the project's files: what `machineOnly` keeps, such as `.git`. */
export interface KeptFiles {
  files(): FileMap
  save(path: string, data: FileData | null): void
}

export interface KeptFilesOptions {
  /** What is stored with the project under names; stored under its id, so that it goes when the project goes. */
  memory: ReadonlyMap<string, unknown>
  setMemory(key: string, value: unknown): void
}

const prefix = 'kept:'

export function createKeptFiles({ memory, setMemory }: KeptFilesOptions): KeptFiles {
  return {
    files: () =>
      new Map(
        [...memory].flatMap(([key, value]): [string, FileData][] =>
          key.startsWith(prefix) && (typeof value === 'string' || value instanceof Uint8Array)
            ? [[key.slice(prefix.length), value]]
            : [],
        ),
      ),
    save: (path, data) => setMemory(prefix + path, data ?? undefined),
  }
}
