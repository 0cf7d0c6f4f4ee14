// Gives the shell, as text, what runs in pages: the runtime becomes part of each document that is shown, what draws
// pictures of it is handed over when one is asked for.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const preview = join(fileURLToPath(new URL('.', import.meta.url)), '..')
const entries = { 'virtual:page-runtime': 'page/main.ts', 'virtual:page-capture': 'capture/main.ts' }

/** Files that the text is made of, known after a build. */
export const inputs = new Set()

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'page-runtime',
  setup({ onResolve, onLoad, esbuild }) {
    onResolve({ filter: /^virtual:page-/ }, ({ path }) => ({ path, namespace: 'page-runtime' }))
    onLoad({ filter: /.*/, namespace: 'page-runtime' }, async ({ path }) => {
      const { outputFiles, metafile } = await esbuild.build({
        entryPoints: [join(preview, entries[path])],
        bundle: true,
        minify: true,
        format: 'iife',
        globalName: 'vitrinePart',
        platform: 'browser',
        target: 'es2022',
        write: false,
        metafile: true,
        logLevel: 'error',
      })
      for (const path of Object.keys(metafile.inputs)) inputs.add(join(process.cwd(), path))
      return { contents: outputFiles[0].text, loader: 'text' }
    })
  },
}
