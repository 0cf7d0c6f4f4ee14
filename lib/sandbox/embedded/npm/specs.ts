import { sha512 } from '@noble/hashes/sha2.js'
import { joinPath, toBase64 } from '@/lib/base'
import type { ProcessHost, VirtualFs } from '../process/host'
import { type Manifest, readJson } from './project'
import { RegistryError } from './registry/registry'
import { unpack } from './unpack'

/** Folders and tarballs that a command line names, as their absolute paths; the rest is for the registry, or refused later. */
export function onCommandLine({ cwd }: Pick<ProcessHost, 'cwd'>, words: readonly string[]): string[] {
  return words.map((word) => {
    const [, name = '', scheme, path = ''] = /^((?:@[^/@]+\/)?[^/@:]+@)?(file:)?(.*)$/s.exec(word) ?? []
    if (scheme === undefined && !/^(?:\.{1,2}(?:\/|$)|\/)/.test(path) && !isPlainPath(path)) return word
    return `${name}file:/${joinPath(path.startsWith('/') ? path : `${cwd}/${path}`) ?? ''}`
  })
}

/** `lib/` and `lib.tgz`, but neither an address nor `user/repository`. */
const isPlainPath = (path: string) => !/^[\w+.-]+:|@/.test(path) && /^(?:[^/]+\/|.*\.(?:tgz|tar\.gz|tar))$/.test(path)

/** A tarball of the project, and what a lock file says of it. */
export async function readTarball(fs: VirtualFs, path: string) {
  if (!fs.exists(path)) throw new RegistryError('ENOENT', `There is no tarball at ${path}.`)
  const data = Uint8Array.from(fs.readFile(path))
  const { files, manifest } = await unpack(data).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw Object.assign(new RegistryError('EBADARCHIVE', `${path} is not the tarball of a package: ${why}`), { cause })
  })
  return { files, manifest: manifest as Manifest, integrity: `sha512-${toBase64(sha512(data))}` }
}

/** The manifest of a folder that is installed by its path. */
export function readFolder(fs: VirtualFs, path: string): Manifest {
  if (!fs.exists(path)) throw new RegistryError('ENOENT', `There is no folder ${path}.`)
  if (!fs.exists(`${path}/package.json`))
    throw new RegistryError('ENOENT', `${path} has no package.json, so it is no package.`)
  const manifest = readJson(fs, `${path}/package.json`)
  if (!manifest.name) throw new RegistryError('EINVALIDPACKAGENAME', `${path}/package.json gives the package no name.`)
  return manifest
}
