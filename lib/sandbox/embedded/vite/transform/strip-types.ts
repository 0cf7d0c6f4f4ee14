import { transform } from 'sucrase'
import type { Esbuild } from '../engine'

export interface JsxOptions {
  importSource: string
  pragma: string | null
  fragment: string | null
  /** Leaves JSX for another compiler. */
  preserve: boolean
}

export interface StripOptions {
  path: string
  jsx: JsxOptions
  isProduction: boolean
  /** Imports without a use are kept, as `verbatimModuleSyntax` says. */
  keepUnusedImports: boolean
  esbuild: () => Promise<Esbuild>
}

/** Decorators are for esbuild; all else is done where lines stay where they were. */
const decoratorPattern = /^\s*@[A-Za-z_$][\w$.]*(?:\(|\s)/m

/** TypeScript and JSX as JavaScript. */
export async function stripTypes(code: string, options: StripOptions): Promise<string> {
  const { path, jsx } = options
  const isTypeScript = /\.[cm]?tsx?$/.test(path)
  const isJsx =
    /x$/.test(path) ||
    (!isTypeScript && /\.(js|mjs)$/.test(path) && /<[A-Za-z>]/.test(code) && /\breturn\s*\(?\s*</.test(code))
  if (isTypeScript && decoratorPattern.test(code)) return withEsbuild(code, options)
  if (!isTypeScript && !isJsx) return code
  try {
    return withSucrase(code, options, { isTypeScript, isJsx })
  } catch (error) {
    if (jsx.preserve) throw error
    // Slower, and it knows all of the language and where a mistake is.
    return withEsbuild(code, options)
  }
}

function withSucrase(
  code: string,
  { path, jsx, isProduction, keepUnusedImports }: StripOptions,
  { isTypeScript, isJsx }: { isTypeScript: boolean; isJsx: boolean },
): string {
  const isJsxDone = isJsx && !jsx.preserve
  return transform(code, {
    transforms: [...(isTypeScript ? (['typescript'] as const) : []), ...(isJsx ? (['jsx'] as const) : [])],
    filePath: path,
    disableESTransforms: true,
    keepUnusedImports,
    production: isProduction,
    ...(isJsxDone && jsx.pragma === null
      ? { jsxRuntime: 'automatic' as const, jsxImportSource: jsx.importSource }
      : isJsxDone
        ? { jsxRuntime: 'classic' as const, jsxPragma: jsx.pragma ?? '', jsxFragmentPragma: jsx.fragment ?? 'Fragment' }
        : { jsxRuntime: 'preserve' as const }),
  }).code
}

async function withEsbuild(code: string, { path, jsx, esbuild, isProduction }: StripOptions): Promise<string> {
  const { transform: compile } = await esbuild()
  const result = await compile(code, {
    loader: path.endsWith('x') ? 'tsx' : 'ts',
    target: 'es2022',
    jsx: 'automatic',
    jsxDev: !isProduction,
    jsxImportSource: jsx.importSource,
    sourcemap: false,
    sourcefile: path,
    // Decorators of the legacy kind, and fields that do not hide the accessors they make.
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
  })
  return result.code
}
