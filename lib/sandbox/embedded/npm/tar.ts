export interface TarFile {
  /** Relative to the package, without the folder that tarballs have around everything. */
  path: string
  data: Uint8Array
  executable: boolean
}

export class TarError extends Error {}

const block = 512
const maxFiles = 100_000
const decoder = new TextDecoder()

/**
 * The files of an npm tarball. Links and devices are refused, as are names that lead out of the package: the registry
 * never publishes them, so somebody who sends them wants something else. Knows ustar, pax and GNU long names.
 */
export function readTar(tar: Uint8Array): TarFile[] {
  const files = new Map<string, TarFile>()
  let offset = 0
  let longName: string | null = null
  while (offset + block <= tar.byteLength) {
    const header = tar.subarray(offset, offset + block)
    if (header[0] === 0) break
    checkSum(header)
    const size = readNumber(header, 124, 12)
    const start = offset + block
    if (start + size > tar.byteLength) throw new TarError('The archive ends in the middle of a file.')
    const data = tar.subarray(start, start + size)
    offset = start + Math.ceil(size / block) * block
    const type = String.fromCharCode(header[156] ?? 0)
    if (type === 'x') longName = paxPath(data) ?? longName
    else if (type === 'L') longName = readText(data, 0, data.byteLength)
    else if (type === 'g' || type === 'K') continue
    else {
      const name: string = longName ?? nameOf(header)
      longName = null
      if (type === '5') continue
      if (type !== '0' && type !== '\0' && type !== '7') throw new TarError(refusal(name, type))
      const path = pathInPackage(name)
      const executable = (readNumber(header, 100, 8) & 0o111) !== 0
      files.set(path, { path, data, executable })
      if (files.size > maxFiles) throw new TarError(`The archive has more than ${maxFiles} files.`)
    }
  }
  return [...files.values()]
}

function refusal(name: string, type: string): string {
  const what = { '1': 'a hard link', '2': 'a symbolic link', '3': 'a device', '4': 'a device', '6': 'a pipe' }[type]
  return `“${name}” is ${what ?? 'of an unknown kind'}, which packages may not hold.`
}

function pathInPackage(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  if (name.startsWith('/') || /[\u0000-\u001f\\]/.test(name)) throw new TarError(`“${name}” is not a name of a file.`)
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.')
  if (segments.includes('..')) throw new TarError(`“${name}” leads out of the package.`)
  const path = segments.slice(1).join('/')
  if (path === '') throw new TarError(`“${name}” lies outside the package’s folder.`)
  return path
}

function nameOf(header: Uint8Array): string {
  const name = readText(header, 0, 100)
  const isUstar = readText(header, 257, 5) === 'ustar'
  const prefix = isUstar ? readText(header, 345, 155) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function readText(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length)
  const end = field.indexOf(0)
  return decoder.decode(end === -1 ? field : field.subarray(0, end))
}

/** Octal text, or base 256 for what does not fit. */
function readNumber(header: Uint8Array, start: number, length: number): number {
  if ((header[start] ?? 0) & 0x80) {
    let value = (header[start] ?? 0) & 0x7f
    for (let index = 1; index < length; index++) value = value * 256 + (header[start + index] ?? 0)
    return value
  }
  const text = readText(header, start, length).trim()
  const value = text === '' ? 0 : Number.parseInt(text, 8)
  if (!Number.isSafeInteger(value) || value < 0) throw new TarError('The archive is damaged.')
  return value
}

function checkSum(header: Uint8Array): void {
  let sum = 8 * 0x20
  for (let index = 0; index < block; index++) if (index < 148 || index >= 156) sum += header[index] ?? 0
  if (sum !== readNumber(header, 148, 8)) throw new TarError('The archive is damaged.')
}

/** Records of the form `<length> <key>=<value>\n`. */
function paxPath(data: Uint8Array): string | null {
  let path: string | null = null
  let offset = 0
  while (offset < data.byteLength) {
    const blank = data.indexOf(0x20, offset)
    const length = blank === -1 ? 0 : Number(decoder.decode(data.subarray(offset, blank)))
    if (!Number.isSafeInteger(length) || length <= blank - offset) throw new TarError('The archive is damaged.')
    const record = decoder.decode(data.subarray(blank + 1, offset + length - 1))
    if (record.startsWith('path=')) path = record.slice('path='.length)
    offset += length
  }
  return path
}
