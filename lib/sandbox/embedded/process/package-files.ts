import type { PackageRecord } from '../protocol'

/** The files of an installed package; their bytes are views of its one block of memory. */
export function* packageFiles({ index, data }: PackageRecord): Iterable<{
  /** Relative to the package. */
  path: string
  data: Uint8Array
  mode: number
}> {
  for (const line of index.split('\n')) {
    const [, offset = '0', size = '0', mode, path = ''] = /^(\d+) (\d+) ([x-]) (.+)$/.exec(line) ?? []
    if (path === '') continue
    const start = Number(offset)
    yield { path, data: data.subarray(start, start + Number(size)), mode: mode === 'x' ? 0o755 : 0o644 }
  }
}
