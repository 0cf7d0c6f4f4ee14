import { decodeUtf8 } from '@/lib/base'
import { relative } from '../../process/program/builtins/path'
import type { ViteContext } from '../context'
import { describeFailure } from '../failure'
import { bundlerPlugin, hashedName } from './bundler-plugin'
import { buildPage, type PageSource, readPage } from './page'
import { reportSizes } from './report'

/** `vite build`: the app's pages with their scripts, styles and assets, in the output folder. Answers the exit code. */
export async function build(context: ViteContext): Promise<number> {
  const { host, project, config } = context
  const startedAt = performance.now()
  host.stdout(`\x1b[36mvite (in this tab) \x1b[32mbuilding for ${config.mode}...\x1b[0m\n`)
  const output = new Map<string, Uint8Array>()
  try {
    const pages = Object.entries(config.entries).map(([name, file]) => readPage(name, file, context))
    await bundle(pages, output, context)
    for (const page of pages) {
      const html = buildPage(page, output, context)
      output.set(relative(config.root, page.file), new TextEncoder().encode(html))
    }
  } catch (error) {
    host.stderr(`\x1b[31merror during build:\x1b[0m\n${describeFailure(error, config.root, project.root).text}\n`)
    return 1
  }
  if (config.emptyOutDir) project.remove(config.outDir)
  copyPublic(context)
  for (const [name, bytes] of output) project.write(`${config.outDir}/${name}`, bytes)
  await reportSizes(output, context)
  host.stdout(`\x1b[32m✓ built in ${((performance.now() - startedAt) / 1000).toFixed(2)}s\x1b[0m\n`)
  return 0
}

async function bundle(pages: PageSource[], output: Map<string, Uint8Array>, context: ViteContext): Promise<void> {
  const { config, esbuild, host } = context
  const { build: run } = await esbuild()
  const isProduction = config.env.PROD === true
  const scripts = new Map(pages.map((page) => [`page:${page.name}`, page.script]))
  const assetUrl = (path: string, bytes: Uint8Array) => {
    const name = `${config.assetsDir}/${hashedName(path, bytes)}`
    output.set(name, bytes)
    return config.base + name
  }
  const result = await run({
    entryPoints: pages.map(({ name }) => ({
      in: `page:${name}`,
      out: `${config.assetsDir}/${name.replace(/\.html$/, '').replace(/[^\w.-]+/g, '-')}`,
    })),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['es2022'],
    minify: config.minify,
    sourcemap: config.sourcemap,
    metafile: true,
    write: false,
    outdir: '/out',
    entryNames: '[dir]/[name]-[hash]',
    chunkNames: `${config.assetsDir}/[name]-[hash]`,
    assetNames: `${config.assetsDir}/[name]-[hash]`,
    ...(config.base.startsWith('.') ? {} : { publicPath: config.base }),
    logLevel: 'silent',
    legalComments: 'none',
    define: { ...metaDefines(config.env), ...defaultDefines(isProduction), ...config.define },
    plugins: [
      {
        name: 'pages',
        setup(setup) {
          setup.onLoad({ filter: /.*/, namespace: 'page' }, ({ path }) => ({
            contents: scripts.get(path) ?? '',
            resolveDir: config.root,
          }))
        },
      },
      bundlerPlugin(context, { isProduction, assetUrl }),
    ],
  })
  for (const { text } of result.warnings) host.stderr(`\x1b[33mwarning:\x1b[0m ${text}\n`)
  for (const { path, contents } of result.outputFiles) output.set(path.slice('/out/'.length), contents)
  for (const [path, meta] of Object.entries(result.metafile.outputs)) {
    const page = pages.find(({ name }) => meta.entryPoint === `page:page:${name}`)
    if (!page) continue
    page.built = nameInOutput(path)
    page.css = meta.cssBundle === undefined ? null : nameInOutput(meta.cssBundle)
    page.preloads = meta.imports
      .filter(({ kind }) => kind === 'import-statement')
      .map((entry) => nameInOutput(entry.path))
    const bytes = output.get(page.built)
    // A page of styles alone has a script that does nothing.
    if (bytes && (decodeUtf8(bytes) ?? '').trim() === '') page.built = null
  }
  host.stdout(`\x1b[32m✓\x1b[0m ${Object.keys(result.metafile.inputs).length} modules transformed.\n`)
}

function nameInOutput(path: string): string {
  return path.replace(/^\/?out\//, '')
}

function metaDefines(env: Readonly<Record<string, unknown>>): Record<string, string> {
  const each = Object.entries(env).map(([name, value]) => [`import.meta.env.${name}`, JSON.stringify(value)])
  return { 'import.meta.hot': 'undefined', 'import.meta.env': JSON.stringify(env), ...Object.fromEntries(each) }
}

function defaultDefines(isProduction: boolean): Record<string, string> {
  return {
    'process.env.NODE_ENV': JSON.stringify(isProduction ? 'production' : 'development'),
    global: 'globalThis',
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  }
}

function copyPublic({ project, config }: ViteContext): void {
  const { publicDir, outDir } = config
  if (publicDir === null || !project.isDirectory(publicDir)) return
  for (const file of project.walk(publicDir)) project.write(outDir + file.slice(publicDir.length), project.bytes(file))
}
