import type { ViteContext } from '../context'
import { bundlerPlugin } from './bundler-plugin'

/** A Worker's script with all it imports, as one classic script: module Workers do not start in an opaque origin. */
export async function bundleWorker(
  path: string,
  context: ViteContext,
  { isProduction }: { isProduction: boolean },
): Promise<string> {
  const { build } = await context.esbuild()
  const result = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    outdir: '/worker',
    format: 'iife',
    target: 'es2022',
    minify: isProduction,
    logLevel: 'silent',
    define: {
      'process.env.NODE_ENV': isProduction ? '"production"' : '"development"',
      'import.meta.env': JSON.stringify(context.config.env),
      'import.meta.hot': 'undefined',
    },
    plugins: [bundlerPlugin(context, { isProduction, assetUrl: null })],
  })
  return result.outputFiles.find((file) => file.path.endsWith('.js'))?.text ?? ''
}
