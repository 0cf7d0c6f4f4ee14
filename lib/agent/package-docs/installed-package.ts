import { messageOf } from '@/lib/base'
import { runCommand, type Sandbox } from '@/lib/sandbox'
import type { FileMap } from '@/lib/workspace'
import type { PackageLookup } from './package-files'

/** How long the sandbox may take to show a file. */
const readTimeoutMs = 10_000

/** The version that the project's lock file or package.json speaks of; null when neither names the package. */
export function statedVersion(files: FileMap, name: string): string | null {
  const locked = field(field(readJson(files, 'package-lock.json'), 'packages'), `node_modules/${name}`)
  const version = field(locked, 'version')
  if (typeof version === 'string') return version
  const manifest = readJson(files, 'package.json')
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']) {
    const wanted = field(field(manifest, kind), name)
    if (typeof wanted === 'string') return wanted
  }
  return null
}

/** The package as it lies in `node_modules`, read through the sandbox. The name must be one of a package. */
export async function installedPackage(sandbox: Sandbox, name: string, signal: AbortSignal): Promise<PackageLookup> {
  const folder = `node_modules/${name}`
  const run = (command: string) => runCommand(sandbox, command, { timeoutMs: readTimeoutMs, signal })
  const read = async (path: string): Promise<string | null> => {
    const { exitCode, stdout } = await run(`cat '${folder}/${path}'`)
    return exitCode === 0 ? stdout : null
  }
  const text = await read('package.json')
  if (text === null) return { ok: false, problem: `There is no ${folder} in the sandbox.` }
  let manifest: unknown
  try {
    manifest = JSON.parse(text)
  } catch (error) {
    return { ok: false, problem: `${folder}/package.json is not JSON (${messageOf(error)}).` }
  }
  return {
    ok: true,
    files: {
      name,
      version: String(field(manifest, 'version') ?? 'of an unknown version'),
      from: folder,
      manifest: (manifest ?? {}) as Record<string, unknown>,
      topFiles: async () => (await run(`ls '${folder}'`)).stdout.split('\n').filter((line) => line !== ''),
      read,
    },
  }
}

function readJson(files: FileMap, path: string): unknown {
  const text = files.get(path)
  if (typeof text !== 'string') return null
  try {
    return JSON.parse(text)
  } catch (error) {
    // Being written, or broken: then it names nothing.
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}
