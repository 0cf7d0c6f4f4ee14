import type { Transpiled, TranspileOptions } from '../../../typescript/transpile'
import { errorAt, placeAt } from './errors'
import { jsxOf } from './jsx'
import type { ProjectConfig } from './tsconfig'

export type Transpile = (text: string, options: TranspileOptions) => Transpiled

const isTyped = /\.([cm]?ts|tsx)$/
/** Code that exists at run time and that stripping types cannot make. */
const namespaces = /^[ \t]*(export[ \t]+)?(namespace|module)[ \t]+[\w.]+[ \t\n]*\{/m
const aliases = /^[ \t]*export[ \t]+import[ \t]+\w+[ \t]*=/m
/** A member that goes by the name of its enum, which would hide it from the others. */
const ownMembers = /\benum[ \t]+([\w$]+)\s*\{[^}]*?(?<=[{,\s])\1\s*[,=}]/
const decorators = /(^|[\n;{(,])[ \t]*@[A-Za-z_$][\w$.]*/
const accessors = /\baccessor[ \t]+[#\w[]/
const parameterProperties = /constructor\s*\([^)]*\b(private|public|protected|readonly)\s/

/** Whether a file needs TypeScript's own transpiler; asked of the text, so that nearly no file pays for it. */
export function needsTranspiler(path: string, text: string, config: ProjectConfig): boolean {
  if (decorators.test(text) && hasDecorator(text)) return isTyped.test(path) || /\.jsx?$/.test(path)
  if (!isTyped.test(path)) return false
  if ([namespaces, aliases, accessors, ownMembers].some((pattern) => pattern.test(text))) return true
  // Where fields are assigned, not defined, they come after the parameters that are properties.
  return !config.definesFields && parameterProperties.test(text)
}

/** An `@` in a comment or a string decorates nothing. */
function hasDecorator(text: string): boolean {
  const code = text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g,
    '""',
  )
  return decorators.test(code)
}

export function transpileWith(transpile: Transpile, path: string, text: string, config: ProjectConfig): Transpiled {
  const { isClassic, importSource, factory, fragment } = jsxOf(text, config)
  const result = transpile(text, {
    path,
    experimentalDecorators: config.experimentalDecorators,
    emitDecoratorMetadata: config.emitDecoratorMetadata,
    useDefineForClassFields: config.definesFields,
    verbatimModuleSyntax: config.keepUnusedImports,
    jsx: isClassic ? 'classic' : 'automatic',
    jsxImportSource: importSource,
    jsxFactory: factory,
    jsxFragment: fragment,
  })
  const { error } = result
  if (error !== null) throw errorAt(new SyntaxError(error.message), placeAt(path, text, error.index))
  return result
}
