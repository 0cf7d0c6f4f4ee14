import { sha1 } from '@noble/hashes/legacy.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import packlist from 'npm-packlist'
import { joinPath, toBase64 } from '@/lib/base'
import { npm as runScripts } from '../../process/npm'
import { tarTypes, writeTar } from '../../tar'
import { createInstaller } from '../install'
import { type NpmArguments, readSettings } from '../options'
import { silent } from '../progress'
import { binsOf, findProject, readJson } from '../project'
import { readFolder } from '../specs'
import type { Terminal } from '../terminal'
import { readInstalledTree } from '../tree'
import { chosenWorkspaces } from '../workspaces'

/** Of all files in a package, so that the same files make the same tarball: 26 October 1985, as npm has it. */
const mtimeSeconds = Date.UTC(1985, 9, 26, 8, 15) / 1000

interface Packed {
  name: string
  version: string
  filename: string
  data: Uint8Array
  files: { path: string; size: number; mode: number }[]
}

/** `npm pack [<folder> …]`: the tarball that npm would publish, put beside the project. */
export async function pack(terminal: Terminal, args: NpmArguments): Promise<number> {
  const { host, say, fail } = terminal
  const { flags, words } = args
  const folders = words.length > 0 ? words.map((word) => folderOf(terminal, word)) : foldersOf(terminal, args)
  const missing = folders.indexOf(null)
  if (missing !== -1)
    return fail(
      `“${words[missing]}” is no folder of the project. The sandbox packs those only; npm install brings packages of the registry.`,
    )
  const packed: Packed[] = []
  for (const folder of folders.filter((each) => each !== null)) {
    const stopped = await runScript(terminal, { folder, args, names: ['prepack', 'prepare'] })
    if (stopped !== 0) return stopped
    const found = await packFolder(terminal, folder, args)
    if (!flags.has('dry-run')) {
      const target = flags.get('pack-destination')
      const path = `/${joinPath(typeof target === 'string' && target.startsWith('/') ? target : `${host.cwd}/${typeof target === 'string' ? target : ''}`)}`
      host.fs.mkdir(path, { recursive: true })
      host.fs.writeFile(`${path}/${found.filename}`, found.data)
    }
    packed.push(found)
    const after = await runScript(terminal, { folder, args, names: ['postpack'] })
    if (after !== 0) return after
  }
  if (flags.has('json')) say(JSON.stringify(packed.map(toJson), null, 2))
  else {
    for (const each of packed) {
      if (!terminal.isSilent) host.stderr(describe(each))
      say(each.filename)
    }
  }
  return 0
}

function folderOf({ host }: Terminal, word: string): string | null {
  const path = `/${joinPath(word.startsWith('/') ? word : `${host.cwd}/${word.replace(/^file:/, '')}`) ?? ''}`
  return host.fs.exists(`${path}/package.json`) ? path : null
}

function foldersOf(terminal: Terminal, args: NpmArguments): string[] {
  const { host } = terminal
  return chosenWorkspaces(terminal, args)?.map(({ folder }) => folder) ?? [findProject(host.fs, host.cwd)]
}

interface PackScripts {
  folder: string
  args: NpmArguments
  names: string[]
}

async function runScript({ host }: Terminal, { folder, args, names }: PackScripts): Promise<number> {
  const { scripts } = readJson(host.fs, `${folder}/package.json`)
  let code = 0
  for (const name of names) {
    if (args.flags.get('ignore-scripts') === true || scripts?.[name] === undefined) continue
    // What a script prints must not stand where the tarball's name is looked for.
    const quiet = { ...host, stdout: host.stderr, cwd: folder, argv: ['npm', 'run', '--ignore-scripts', name] }
    code ||= await runScripts(quiet)
  }
  return code
}

async function packFolder({ host }: Terminal, folder: string, { flags }: NpmArguments): Promise<Packed> {
  const { fs } = host
  const manifest = readFolder(fs, folder)
  const { name = '', version } = manifest
  if (!version) throw new Error(`Invalid package: ${folder}/package.json must have a name and a version.`)
  const settings = readSettings(flags, host, folder)
  const { treeOptions } = createInstaller({ host, project: folder, settings, progress: silent })
  const bins = new Set(Object.values(binsOf(manifest)))
  const files = (await packlist(await readInstalledTree(treeOptions))).map((listed) => {
    const path = listed.replace(/^\.\//, '')
    const data = fs.readFile(`${folder}/${path}`)
    const isExecutable = bins.has(path) || (fs.stat(`${folder}/${path}`).mode & 0o100) !== 0
    return { path, data, mode: isExecutable ? 0o755 : 0o644 }
  })
  const tar = writeTar(
    files.map(({ path, data, mode }) => ({
      name: `package/${path}`,
      type: tarTypes.file,
      mode,
      mtimeSeconds,
      data,
      target: '',
    })),
  )
  return {
    name,
    version,
    filename: `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`,
    data: await gzip(Uint8Array.from(tar)),
    files: files
      .map(({ path, data, mode }) => ({ path, size: data.byteLength, mode }))
      .sort((one, other) => (one.path < other.path ? -1 : 1)),
  }
}

async function gzip(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

const sizeOf = ({ files }: Packed) => files.reduce((sum, { size }) => sum + size, 0)
const integrityOf = ({ data }: Packed) => `sha512-${toBase64(sha512(data))}`

function toJson(packed: Packed): object {
  const { name, version, filename, data, files } = packed
  return {
    id: `${name}@${version}`,
    name,
    version,
    size: data.byteLength,
    unpackedSize: sizeOf(packed),
    shasum: bytesToHex(sha1(data)),
    integrity: integrityOf(packed),
    filename,
    files,
    entryCount: files.length,
    bundled: [],
  }
}

function describe(packed: Packed): string {
  const { name, version, filename, data, files } = packed
  const integrity = integrityOf(packed)
  const lines = [
    '',
    `📦  ${name}@${version}`,
    'Tarball Contents',
    ...files.map(({ path, size }) => `${bytes(size, '')} ${path}`),
    'Tarball Details',
    `name: ${name}`,
    `version: ${version}`,
    `filename: ${filename}`,
    `package size: ${bytes(data.byteLength)}`,
    `unpacked size: ${bytes(sizeOf(packed))}`,
    `shasum: ${bytesToHex(sha1(data))}`,
    `integrity: ${integrity.slice(0, 20)}[...]${integrity.slice(-15)}`,
    `total files: ${files.length}`,
    '',
  ]
  return lines.map((line) => `${`npm notice ${line}`.trimEnd()}\n`).join('')
}

function bytes(count: number, blank = ' '): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let value = count
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)}${blank}${units[unit]}`
}
