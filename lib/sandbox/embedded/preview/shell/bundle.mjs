// Gives the shell the page runtime as text: it becomes part of each document that is shown.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const entry = join(fileURLToPath(new URL('.', import.meta.url)), '../page/main.ts')

/** Files that the text is made of, known after a build. */
export const inputs = new Set()

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'page-runtime',
  setup({ onResolve, onLoad, esbuild }) {
    onResolve({ filter: /^virtual:page-runtime$/ }, ({ path }) => ({ path, namespace: 'page-runtime' }))
    onLoad({ filter: /.*/, namespace: 'page-runtime' }, async () => {
      const { outputFiles, metafile } = await esbuild.build({
        entryPoints: [entry],
        bundle: true,
        minify: true,
        format: 'iife',
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
