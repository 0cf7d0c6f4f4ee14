import type { VirtualFs } from '../process/host'
import { binsOf } from './project'
import type { ArboristNode } from './tree'

const marker = '// vitrine-bin'

/**
 * Puts the commands of packages into `node_modules/.bin`. Files that load their target stand for the links that npm makes:
 * the machine's file system has none yet.
 */
export function writeBins(fs: VirtualFs, project: string, packages: Iterable<ArboristNode>): void {
  const wanted = new Map<string, string>()
  for (const node of packages) {
    const [, folder = '', inside = ''] = /^(.*\/?node_modules\/)((?:@[^/]+\/)?[^/]+)$/.exec(node.location) ?? []
    for (const [command, target] of Object.entries(binsOf({ ...node.package, name: node.packageName }))) {
      wanted.set(`${project}/${folder}.bin/${command}`, `../${inside}/${target}`)
    }
  }
  for (const folder of new Set([...wanted.keys()].map((path) => path.slice(0, path.lastIndexOf('/'))))) {
    fs.mkdir(folder, { recursive: true })
  }
  removeStale(fs, project, wanted)
  for (const [path, target] of wanted) {
    const script = binScript(target)
    if (fs.exists(path) && new TextDecoder().decode(fs.readFile(path)) === script) continue
    fs.writeFile(path, script)
    fs.chmod(path, 0o755)
  }
}

function removeStale(fs: VirtualFs, project: string, wanted: ReadonlyMap<string, string>): void {
  const folder = `${project}/node_modules/.bin`
  if (!fs.exists(folder)) return
  for (const name of fs.readdir(folder)) {
    const path = `${folder}/${name}`
    if (!wanted.has(path) && readBinTarget(fs, path) !== null) fs.rm(path, { force: true })
  }
}

function binScript(target: string): string {
  return `#!/usr/bin/env node\n${marker} ${target}\nimport(${JSON.stringify(target)})\n`
}

/** Where a command of `.bin` leads, relative to its folder; null for a file of somebody else. */
export function readBinTarget(fs: VirtualFs, path: string): string | null {
  const text = new TextDecoder().decode(fs.readFile(path).subarray(0, 1000))
  const line = text.split('\n')[1] ?? ''
  return line.startsWith(`${marker} `) ? line.slice(marker.length + 1) : null
}

/** The script that a command of a `.bin` folder runs; null when there is no such command. */
export function findBin(fs: VirtualFs, folder: string, command: string): string | null {
  const path = `${folder}/node_modules/.bin/${command}`
  if (!/^[\w.@~-]+$/.test(command) || !fs.exists(path)) return null
  const target = readBinTarget(fs, path)
  return target === null ? path : `${folder}/node_modules/${target.replace(/^\.\.\//, '')}`
}
