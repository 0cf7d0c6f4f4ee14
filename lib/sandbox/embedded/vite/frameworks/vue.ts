import type { MappedPart } from '../../preview/mapped-places'
import { hashOf } from '../paths'
import type { PackageRunner } from './compilers'

interface SourceMap {
  mappings: string
}
interface Block {
  content: string
  loc: { start: { line: number } }
  lang?: string
  attrs: Record<string, string | true>
  scoped?: boolean
  module?: string | boolean
}
interface Descriptor {
  template: Block | null
  script: Block | null
  scriptSetup: Block | null
  styles: Block[]
}
interface VueCompiler {
  parse(source: string, options: object): { descriptor: Descriptor; errors: Error[] }
  compileScript(descriptor: Descriptor, options: object): { content: string; bindings?: object; map?: SourceMap }
  compileTemplate(options: object): { code: string; errors: (Error | string)[]; map?: SourceMap }
  compileStyleAsync(options: object): Promise<{ code: string; errors: Error[] }>
}

export interface CompiledComponent {
  code: string
  isTypeScript: boolean
  /** Where the parts of the code come from; empty in a build. */
  parts: MappedPart[]
}

export interface VueOptions {
  path: string
  isProduction: boolean
  /** Makes plain CSS of a block in another language. */
  preprocess(css: string, lang: string): Promise<string>
  /** Gives the classes of `<style module>` names of their own; Vue's compiler does so in Node only. */
  scopeClasses(css: string, path: string): Promise<{ css: string; names: Record<string, string> }>
  /** Statements that put `css` on the page; `id` names it. */
  emitStyle(id: string, css: string): string
}

/** What a component was made of when it was last compiled: a change of its template alone keeps its state. */
const lastScripts = new Map<string, string>()

/** A single-file component as one module. In development template and script stay apart, so that one can change alone. */
export async function compileVue(
  source: string,
  runner: PackageRunner,
  options: VueOptions,
): Promise<CompiledComponent> {
  const compiler = await loadVueCompiler(runner)
  const { path, isProduction } = options
  const { descriptor, errors } = compiler.parse(source, { filename: path, sourceMap: !isProduction })
  if (errors[0]) throw errors[0]
  const id = hashOf(path + (isProduction ? source : ''))
  const isTypeScript = [descriptor.script, descriptor.scriptSetup].some((block) => /^tsx?$/.test(block?.lang ?? ''))
  const scoped = descriptor.styles.some((style) => style.scoped)
  const templateOptions = {
    transformAssetUrls: { includeAbsolute: false },
    compilerOptions: { scopeId: scoped ? `data-v-${id}` : undefined },
  }
  const parts: string[] = []
  const mapped: MappedPart[] = []
  /** Of what is added next. */
  const nextLine = () => parts.reduce((lines, part) => lines + part.split('\n').length, 1)
  const note = (map: SourceMap | undefined, lineOffset: number) => {
    if (map && !isProduction) mapped.push({ firstLine: nextLine(), lineOffset, mappings: map.mappings })
  }
  let script = 'const _sfc_main = {}'
  let bindings: object | undefined
  if (descriptor.script || descriptor.scriptSetup) {
    const compiled = compiler.compileScript(descriptor, {
      id,
      isProd: isProduction,
      inlineTemplate: isProduction && descriptor.scriptSetup !== null,
      genDefaultAs: '_sfc_main',
      templateOptions,
    })
    script = compiled.content
    bindings = compiled.bindings
    note(compiled.map, 0)
  }
  parts.push(script)
  const isInlined = isProduction && descriptor.scriptSetup !== null
  if (descriptor.template && !isInlined) {
    const template = compiler.compileTemplate({
      source: descriptor.template.content,
      filename: path,
      id,
      scoped,
      isProd: isProduction,
      transformAssetUrls: templateOptions.transformAssetUrls,
      compilerOptions: { bindingMetadata: bindings, scopeId: scoped ? `data-v-${id}` : undefined },
    })
    const [error] = template.errors
    if (error) throw typeof error === 'string' ? new Error(error) : error
    note(template.map, descriptor.template.loc.start.line - 1)
    parts.push(template.code.replace(/^export function render/m, 'function render'), '_sfc_main.render = render')
  }
  for (const [index, style] of descriptor.styles.entries()) {
    parts.push(await compileStyle(compiler, { style, id, path, index }, options))
  }
  if (scoped) parts.push(`_sfc_main.__scopeId = "data-v-${id}"`)
  parts.push(`_sfc_main.__file = ${JSON.stringify(path)}`)
  // Without places in the file, which shift with the template.
  const styles = descriptor.styles.map(({ content, lang, scoped: own, module }) => ({ content, lang, own, module }))
  if (!isProduction) parts.push(hotUpdate(id, path, script + JSON.stringify(styles)))
  parts.push('export default _sfc_main')
  return { code: parts.join('\n'), isTypeScript, parts: mapped }
}

async function compileStyle(
  compiler: VueCompiler,
  { style, id, path, index }: { style: Block; id: string; path: string; index: number },
  { isProduction, preprocess, scopeClasses, emitStyle }: VueOptions,
): Promise<string> {
  const plain = style.lang && style.lang !== 'css' ? await preprocess(style.content, style.lang) : style.content
  const result = await compiler.compileStyleAsync({
    source: plain,
    filename: path,
    id: `data-v-${id}`,
    scoped: style.scoped ?? false,
    isProd: isProduction,
  })
  if (result.errors[0]) throw result.errors[0]
  const styleId = `${path}?style=${index}`
  if (!style.module) return emitStyle(styleId, result.code)
  const { css, names } = await scopeClasses(result.code, path.replace(/\.vue$/, `-${index}.module.css`))
  const name = style.module === true ? '$style' : style.module
  return `${emitStyle(styleId, css)}\n;(_sfc_main.__cssModules ??= {})[${JSON.stringify(name)}] = ${JSON.stringify(names)}`
}

function hotUpdate(id: string, path: string, script: string): string {
  const isTemplateOnly = lastScripts.get(path) === script
  lastScripts.set(path, script)
  return [
    `_sfc_main.__hmrId = "${id}"`,
    'typeof __VUE_HMR_RUNTIME__ !== "undefined" && __VUE_HMR_RUNTIME__.createRecord(_sfc_main.__hmrId, _sfc_main)',
    `export const _rerender_only = ${isTemplateOnly}`,
    `import.meta.hot.accept((mod) => { if (!mod) return; const { default: updated, _rerender_only } = mod;
      if (_rerender_only) __VUE_HMR_RUNTIME__.rerender(updated.__hmrId, updated.render); else __VUE_HMR_RUNTIME__.reload(updated.__hmrId, updated) })`,
  ].join('\n')
}

async function loadVueCompiler(runner: PackageRunner): Promise<VueCompiler> {
  const packageFile = runner.find('@vue/compiler-sfc/package.json') ?? runner.find('vue/compiler-sfc')
  const nested = packageFile?.replace(/\/[^/]*$/, '/dist/compiler-sfc.esm-browser.js')
  const path = nested ?? null
  if (path === null) throw new Error('Vue components need the packages “vue” and “@vue/compiler-sfc”; run npm install.')
  return (await runner.importFile(path)) as unknown as VueCompiler
}
