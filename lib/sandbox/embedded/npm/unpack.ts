import type { PackageRecord } from '../protocol'
import { TarError } from '../tar'
import { readTar, type TarFile } from './tar'

/** A package that unpacks to more is taken for a bomb. */
const maxUnpackedBytes = 512 * 1024 * 1024
const maxDeflateRatio = 1032
const damaged = 'The archive is damaged.'

export interface Unpacked {
  files: TarFile[]
  /** The package's own description of itself. */
  manifest: Record<string, unknown>
}

export async function unpack(tarball: Uint8Array<ArrayBuffer>): Promise<Unpacked> {
  const isGzip = tarball[0] === 0x1f && tarball[1] === 0x8b
  const files = readTar(isGzip ? await gunzip(tarball) : tarball)
  const description = files.find(({ path }) => path === 'package.json')
  if (!description) throw new TarError('The archive has no package.json.')
  const manifest: unknown = JSON.parse(new TextDecoder().decode(description.data).replace(/^\uFEFF/, ''))
  if (typeof manifest !== 'object' || manifest === null)
    throw new TarError('The archive’s package.json is not an object.')
  return { files, manifest: manifest as Record<string, unknown> }
}

/** Into memory of the size that the archive says, at its end, it unpacks to; the browser finds out whether that is true. */
async function gunzip(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const whole = new Uint8Array(sizeAtEnd(data))
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return whole.subarray(0, size)
    if (size + value.byteLength > whole.byteLength) {
      await reader.cancel()
      throw new TarError(damaged)
    }
    whole.set(value, size)
    size += value.byteLength
  }
}

/** ISIZE of RFC 1952. */
function sizeAtEnd({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): number {
  if (byteLength < 4) throw new TarError(damaged)
  const size = new DataView(buffer, byteOffset, byteLength).getUint32(byteLength - 4, true)
  if (size > byteLength * maxDeflateRatio) throw new TarError(damaged)
  if (size > maxUnpackedBytes)
    throw new TarError(`The archive unpacks to more than ${maxUnpackedBytes / 1024 / 1024} MB.`)
  return size
}

/**
 * A package's files as one block of memory and a list, so that thousands of files travel as one. The memory is shared by
 * all processes where the browser lets us.
 */
export function toRecord(path: string, files: readonly TarFile[], executables: ReadonlySet<string>): PackageRecord {
  const size = files.reduce((sum, { data }) => sum + data.byteLength, 0)
  const memory = typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(size) : new SharedArrayBuffer(size)
  const data = new Uint8Array(memory)
  let offset = 0
  const lines: string[] = []
  for (const file of files) {
    data.set(file.data, offset)
    const mode = file.executable || executables.has(file.path) ? 'x' : '-'
    lines.push(`${offset} ${file.data.byteLength} ${mode} ${file.path}`)
    offset += file.data.byteLength
  }
  return { kind: 'package', path, data, index: lines.join('\n'), mtimeMs: Date.now() }
}
