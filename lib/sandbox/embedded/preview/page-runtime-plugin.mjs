// Gives a bundle the page's first script as text.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))

/**
 * `virtual:<name>` is the bundled text of `entry`, a path in this folder.
 * @param {{ name: string, entry: string }} options
 * @returns {{ plugin: import('esbuild').Plugin, inputs: Set<string> }} `inputs`: what the text is made of, known after a build
 */
export function pageRuntimePlugin({ name, entry }) {
  const inputs = new Set()
  const filter = new RegExp(`^virtual:${name}$`)
  return {
    inputs,
    plugin: {
      name,
      setup({ onResolve, onLoad, esbuild }) {
        onResolve({ filter }, ({ path }) => ({ path, namespace: name }))
        onLoad({ filter: /.*/, namespace: name }, async () => {
          const { outputFiles, metafile } = await esbuild.build({
            entryPoints: [join(folder, entry)],
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
    },
  }
}
