import { dataUrlOfFile } from '../../preview/mime-types'
import { inlineCss } from '../../preview/shell/css'
import { dirname, resolve } from '../../process/program/builtins/path'
import type { ViteContext } from '../context'
import { hashOf, splitQuery } from '../paths'
import { namesOfClass } from './css-names'
import { compilePostcss } from './postcss'
import { compileTailwind, hasTailwind, usesTailwind } from './tailwind'

export interface CompiledCss {
  css: string
  /** Exported names of a CSS module; null for plain CSS. */
  names: Record<string, string> | null
  /** Files whose change makes it another. */
  files: string[]
}

const fileOrigin = 'file://'

/** A stylesheet as plain CSS: its language compiled, its imports inside it, its assets as `data:` URLs. */
export async function compileCss(path: string, context: ViteContext): Promise<CompiledCss> {
  const files: string[] = []
  const whole = (file: string) => wholeCss(file, context, files)
  if (!/\.module\.\w+$/.test(path)) return { css: await whole(path), names: null, files }
  return { ...(await compileModule(path, context, whole)), files }
}

/** `files` gets what it is made from. */
async function wholeCss(path: string, context: ViteContext, files: string[]): Promise<string> {
  const { project } = context
  files.push(path)
  return inlineCss(await toPlainCss(project.readText(path), path, context), fileOrigin + path, {
    text: async (url) => {
      const file = findStyle(url, context)
      if (file === null) return null
      files.push(file)
      return toPlainCss(project.readText(file), file, context)
    },
    data: async (url) => dataUrlOf(url, context),
  })
}

/** The reference as written, resolved against its file by URL rules, may name a package or an alias. */
function findStyle(url: string, { project, resolver }: ViteContext): string | null {
  const file = decodeURIComponent(splitQuery(url.slice(fileOrigin.length)).path)
  if (project.isFile(file)) return file
  const specifier = file.slice(dirname(file).length + 1)
  for (const candidate of [file, packageSpecifier(file), specifier]) {
    const found = resolver.resolve(candidate, `${project.root}/index.html`)
    if (found.kind === 'file' && /\.\w*css|\.s[ac]ss|\.less/.test(found.path)) return found.path
  }
  return null
}

/** `/home/project/src/@scope/pkg/x.css` was written `@scope/pkg/x.css` somewhere in `src`. */
function packageSpecifier(file: string): string {
  const parts = file.split('/')
  const at = parts.findIndex((part) => part.startsWith('@') || part.startsWith('~'))
  return at === -1 ? parts.slice(-2).join('/') : parts.slice(at).join('/').replace(/^~/, '')
}

function dataUrlOf(url: string, { project }: ViteContext): string | null {
  if (!url.startsWith(fileOrigin)) return null
  const [plain = '', hash = ''] = url.slice(fileOrigin.length).split(/(?=#)/)
  const path = decodeURIComponent(splitQuery(plain).path)
  const file = [path, `${project.root}/public${path}`, project.root + path].find(project.isFile)
  if (file === undefined) return null
  return dataUrlOfFile(file, project.bytes(file)) + hash
}

/** Sass and Tailwind become CSS; PostCSS has the last word where the project has a config for it. */
export async function toPlainCss(source: string, path: string, context: ViteContext): Promise<string> {
  const language = path.slice(path.lastIndexOf('.') + 1)
  if (language !== 'css') return compilePostcss(await preprocess({ source, language, path }, context), path, context)
  const isTailwind = usesTailwind(source) && (context.config.tailwind || hasTailwind(context))
  return compilePostcss(isTailwind ? await compileTailwind(source, path, context) : source, path, context)
}

/** Style in another language than CSS: a file or a block of one. */
interface StyleSource {
  source: string
  language: string
  path: string
}

export async function preprocess(style: StyleSource, context: ViteContext): Promise<string> {
  const { language, path } = style
  if (language === 'scss' || language === 'sass') return compileSass(style, context)
  throw new Error(`${path}: “${language}” styles are not compiled here; CSS, CSS modules, Sass and Tailwind are.`)
}

interface Sass {
  compileString(source: string, options: object): { css: string }
}

async function compileSass({ source, language, path }: StyleSource, context: ViteContext): Promise<string> {
  const { project, resolver, runner, config } = context
  if (runner.find('sass') === null) throw new Error(`${path}: Sass needs the package “sass”; run npm install -D sass.`)
  const [sass] = Object.values(await runner.bundle(['sass'], `sass-${context.packagesKey}`))
  const { compileString } = sass as Sass
  const importer = {
    canonicalize(reference: string) {
      const base = reference.startsWith('file:') ? reference.slice('file://'.length) : resolve(dirname(path), reference)
      const found = sassFile(base, project.isFile)
      if (found !== null) return new URL(`file://${found}`)
      const packaged = resolver.resolve(reference.replace(/^~/, ''), path)
      return packaged.kind === 'file' ? new URL(`file://${packaged.path}`) : null
    },
    load(url: URL) {
      const file = decodeURIComponent(url.pathname)
      const syntax = file.endsWith('.sass') ? 'indented' : file.endsWith('.css') ? 'css' : 'scss'
      return { contents: project.readText(file), syntax }
    },
  }
  return compileString(language === 'scss' ? config.scss + source : source, {
    syntax: language === 'sass' ? 'indented' : 'scss',
    url: new URL(`file://${path}`),
    importer,
    importers: [importer],
    silenceDeprecations: ['import', 'legacy-js-api'],
  }).css
}

function sassFile(base: string, isFile: (path: string) => boolean): string | null {
  const folder = dirname(base)
  const name = base.slice(folder.length + 1)
  const names = [name, `_${name}`].flatMap((stem) =>
    ['', '.scss', '.sass', '.css'].map((end) => `${folder}/${stem}${end}`),
  )
  const indexes = ['_index', 'index'].flatMap((stem) => ['.scss', '.sass'].map((end) => `${base}/${stem}${end}`))
  return [...names, ...indexes].find(isFile) ?? null
}

/** Class names of their own for each file, also for those of the same name in other folders. */
async function compileModule(
  path: string,
  context: ViteContext,
  whole: (file: string) => Promise<string>,
): Promise<Pick<CompiledCss, 'css' | 'names'>> {
  const { build } = await context.esbuild()
  /** By the names that the bundler makes class names of. */
  const files = new Map<string, string>()
  const named = (file: string) => {
    const name = file.replace(/([^/]*?)\.module\.\w+$/, `$1-${hashOf(file)}.module.css`)
    files.set(name, file)
    return { path: name, namespace: 'css-module' }
  }
  const result = await build({
    entryPoints: ['entry'],
    bundle: true,
    write: false,
    outdir: '/out',
    format: 'esm',
    logLevel: 'silent',
    plugins: [
      {
        name: 'css-module',
        setup(setup) {
          setup.onResolve({ filter: /.*/ }, ({ kind, path: reference, importer }) => {
            if (kind === 'entry-point') return { path: 'entry', namespace: 'css-module' }
            if (reference === 'style') return named(path)
            if (kind !== 'composes-from') return { path: reference, external: true }
            const found = context.resolver.resolve(reference, files.get(importer) ?? path)
            if (found.kind === 'file') return named(found.path)
            return { errors: [{ text: `“${reference}” cannot be found, from which a class is composed.` }] }
          })
          setup.onLoad({ filter: /.*/, namespace: 'css-module' }, async ({ path: name }) =>
            name === 'entry'
              ? { contents: 'export { default } from "style"', loader: 'js' }
              : { contents: await whole(files.get(name) ?? path), loader: 'local-css' },
          )
        },
      },
    ],
  })
  const script = result.outputFiles.find((file) => file.path.endsWith('.js'))?.text ?? ''
  const names: Record<string, string> = {}
  for (const [, name = '', value = ''] of script.matchAll(/^\s*"?([\w-]+)"?: "([^"]*)",?$/gm)) {
    for (const other of namesOfClass(name, context.config.cssLocals)) names[other] = value
  }
  return { css: result.outputFiles.find((file) => file.path.endsWith('.css'))?.text ?? '', names }
}
