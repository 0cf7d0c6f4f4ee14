// The server of the sandbox's own tests, for scripts: a page like the IDE's with the bundles beside it.
import { loadModule } from './load-module.mjs'

/** Serves the page that runs `entry`, a file of `lib/sandbox/testing`. */
export async function serveSandbox(entry) {
  const server = await loadModule('lib/sandbox/testing/serve-sandbox.ts')
  return server.serveSandbox(`lib/sandbox/testing/${entry}`)
}
