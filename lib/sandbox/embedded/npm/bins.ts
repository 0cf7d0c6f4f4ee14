import type { VirtualFs } from '../process/host'
import { binsOf } from './project'
import type { ArboristNode } from './tree'

/**
 * Links the commands of packages into `node_modules/.bin`, and removes those whose package has gone. What they lead to
 * becomes executable, also in a workspace.
 */
export function writeBins(fs: VirtualFs, project: string, packages: Iterable<ArboristNode>): void {
  const wanted = new Map<string, string>()
  for (const node of packages) {
    const [, folder = '', inside = ''] = /^(.*\/?node_modules\/)((?:@[^/]+\/)?[^/]+)$/.exec(node.location) ?? []
    for (const [command, target] of Object.entries(binsOf({ ...node.package, name: node.packageName }))) {
      wanted.set(`${project}/${folder}.bin/${command}`, `../${inside}/${target}`)
    }
  }
  removeStale(fs, `${project}/node_modules/.bin`, wanted)
  for (const [path, target] of wanted) {
    fs.mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true })
    link(fs, target, path)
    makeExecutable(fs, path)
  }
}

/** A symbolic link, in the place of whatever stood there. */
export function link(fs: VirtualFs, target: string, path: string): void {
  if (isLinkTo(fs, path, target)) return
  fs.rm(path, { recursive: true, force: true })
  fs.symlink(target, path)
}

function makeExecutable(fs: VirtualFs, path: string): void {
  if (!fs.exists(path)) return
  const { kind, mode } = fs.stat(path)
  if (kind === 'file' && (mode & 0o111) === 0) fs.chmod(path, mode | 0o111)
}

function isLinkTo(fs: VirtualFs, path: string, target: string): boolean {
  return readLink(fs, path) === target
}

function readLink(fs: VirtualFs, path: string): string | null {
  const folder = path.slice(0, path.lastIndexOf('/'))
  if (!fs.exists(folder) || !fs.readdir(folder).includes(path.slice(folder.length + 1))) return null
  return fs.lstat(path).kind === 'symlink' ? fs.readlink(path) : null
}

function removeStale(fs: VirtualFs, folder: string, wanted: ReadonlyMap<string, string>): void {
  if (!fs.exists(folder)) return
  for (const name of fs.readdir(folder)) {
    const path = `${folder}/${name}`
    if (!wanted.has(path) && readLink(fs, path) !== null) fs.rm(path)
  }
}

/** Where a command of a project's packages stands; null when there is no such command. */
export function binPath(fs: VirtualFs, folder: string, command: string): string | null {
  const path = `${folder}/node_modules/.bin/${command}`
  return /^[\w.@~-]*[\w@~-]$/.test(command) && fs.exists(path) ? path : null
}
