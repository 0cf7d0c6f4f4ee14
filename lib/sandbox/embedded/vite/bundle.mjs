// Gives the vite program the scripts that it serves to pages, as text.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))
const clients = { 'virtual:hmr-client': 'client/hmr-client.ts', 'virtual:react-refresh': 'client/react-refresh.ts' }

/** Files that the texts are made of, known after a build. */
export const inputs = new Set()

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'vite-clients',
  setup({ onResolve, onLoad, esbuild }) {
    onResolve({ filter: /^virtual:/ }, ({ path }) => (clients[path] ? { path, namespace: 'vite-client' } : null))
    onLoad({ filter: /.*/, namespace: 'vite-client' }, async ({ path }) => {
      const { outputFiles, metafile } = await esbuild.build({
        entryPoints: [join(folder, clients[path])],
        bundle: true,
        minify: true,
        format: 'esm',
        platform: 'browser',
        target: 'es2022',
        // Hot updates are for development; the other build of React's runtime does nothing.
        define: { 'process.env.NODE_ENV': '"development"' },
        write: false,
        metafile: true,
        logLevel: 'error',
      })
      for (const input of Object.keys(metafile.inputs)) inputs.add(join(process.cwd(), input))
      return { contents: outputFiles[0].text, loader: 'text' }
    })
  },
}
