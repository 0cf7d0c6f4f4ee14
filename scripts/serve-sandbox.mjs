// The server of the sandbox's own tests, for scripts: a page like the IDE's with the bundles beside it.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './setup.mjs'

/** Serves the page that runs `entry`, a file of `lib/sandbox/testing`. */
export async function serveSandbox(entry) {
  const { build } = await import('esbuild')
  const outfile = join(root, `node_modules/.cache/vitrine-serve-sandbox-${process.pid}.mjs`)
  await build({
    entryPoints: [join(root, 'lib/sandbox/testing/serve-sandbox.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'error',
    plugins: [scriptsInPlace],
  })
  // The server reads the project by paths from its root.
  process.chdir(root)
  try {
    const server = await import(pathToFileURL(outfile).href)
    return await server.serveSandbox(`lib/sandbox/testing/${entry}`)
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
