// Gives a bundle, as text, scripts that run in previewed pages.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))

/**
 * `virtual:<name>` is the bundled text of `entries[name]`, a path in this folder. What an entry exports is `vitrinePart`.
 * @param {Record<string, string>} entries
 * @returns {{ plugin: import('esbuild').Plugin, inputs: Set<string> }} `inputs`: what the texts are made of, known after a build
 */
export function pageScriptsPlugin(entries) {
  const inputs = new Set()
  const filter = new RegExp(`^virtual:(?:${Object.keys(entries).join('|')})$`)
  return {
    inputs,
    plugin: {
      name: 'page-scripts',
      setup({ onResolve, onLoad, esbuild }) {
        onResolve({ filter }, ({ path }) => ({ path: path.slice('virtual:'.length), namespace: 'page-scripts' }))
        onLoad({ filter: /.*/, namespace: 'page-scripts' }, async ({ path }) => {
          const { outputFiles, metafile } = await esbuild.build({
            entryPoints: [join(folder, entries[path])],
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
    },
  }
}
