// Runs the project's TypeScript in scripts: bundled, as Node reads neither it nor the project's paths.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './setup.mjs'

/** The module at `entry`, a path from the project's root. It may read the project by paths from there. */
export async function loadModule(entry) {
  const { build } = await import('esbuild')
  const outfile = join(root, 'node_modules/.cache', `vitrine-${entry.replaceAll(/\W/g, '-')}-${process.pid}.mjs`)
  await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'error',
    tsconfig: join(root, 'tsconfig.json'),
    plugins: [scriptsInPlace],
  })
  process.chdir(root)
  try {
    return await import(pathToFileURL(outfile).href)
  } finally {
    await rm(outfile)
  }
}

/** A script finds the project from its own place, so it is not copied into the bundle. */
const scriptsInPlace = {
  name: 'scripts-in-place',
  setup({ onResolve }) {
    onResolve({ filter: /\/scripts\/[\w-]+\.mjs$/ }, ({ path }) => ({
      path: pathToFileURL(join(root, path.slice(path.indexOf('scripts/')))).href,
      external: true,
    }))
  },
}
