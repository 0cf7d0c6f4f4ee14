import { readTarEntries, TarError, tarTypes } from '../tar'

export interface TarFile {
  /** Relative to the package, without the folder that tarballs have around everything. */
  path: string
  data: Uint8Array
  executable: boolean
}

const maxFiles = 100_000

/**
 * The files of an npm tarball. Links and devices are refused, as are names that lead out of the package: the registry
 * never publishes them, so somebody who sends them wants something else.
 */
export function readTar(tar: Uint8Array): TarFile[] {
  const files = new Map<string, TarFile>()
  for (const { name, type, mode, data } of readTarEntries(tar)) {
    if (type === tarTypes.folder) continue
    if (type !== tarTypes.file) throw new TarError(refusal(name, type))
    const path = pathInPackage(name)
    files.set(path, { path, data, executable: (mode & 0o111) !== 0 })
    if (files.size > maxFiles) throw new TarError(`The archive has more than ${maxFiles} files.`)
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
