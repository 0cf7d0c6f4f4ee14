import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { MachineHost } from '../../process/machine-host'
import { plugin } from '../bundle.mjs'

export interface NpmPrograms {
  npm(host: MachineHost): Promise<number>
  npx(host: MachineHost): Promise<number>
  asOther(manager: 'pnpm' | 'yarn'): (host: MachineHost) => Promise<number>
}

/** The programs as they are bundled for the sandbox, to be run in Node with a machine of the test's own. */
export async function loadNpm(): Promise<NpmPrograms> {
  const { outputFiles } = await build({
    entryPoints: ['lib/sandbox/embedded/npm/program.ts'],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
    plugins: [plugin],
  })
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-npm-'))
  const file = join(folder, 'npm.mjs')
  await writeFile(file, outputFiles[0]?.contents ?? '')
  return import(/* @vite-ignore */ pathToFileURL(file).href)
}
