// Entry of the bundle `transpile`: TypeScript's own transpiler, for the few files whose syntax the quick one does not
// know (namespaces, decorators, fields of the old kind). Loaded into a running process on first use.
import ts from 'typescript-browser'

export interface TranspileOptions {
  path: string
  experimentalDecorators: boolean
  emitDecoratorMetadata: boolean
  useDefineForClassFields: boolean
  verbatimModuleSyntax: boolean
  jsx: 'classic' | 'automatic'
  jsxImportSource: string | null
  jsxFactory: string | null
  jsxFragment: string | null
}

export interface Transpiled {
  code: string
  /** Of the source map from `code` to the file. */
  mappings: string
  /** The first thing that is not TypeScript; 0-based index. */
  error: { message: string; index: number } | null
}

export function transpile(text: string, { path, ...options }: TranspileOptions): Transpiled {
  const { jsx, jsxImportSource, jsxFactory, jsxFragment, ...flags } = options
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      ...flags,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      jsx: jsx === 'classic' ? ts.JsxEmit.React : ts.JsxEmit.ReactJSX,
      ...(jsx === 'automatic' && jsxImportSource !== null && { jsxImportSource }),
      ...(jsx === 'classic' && jsxFactory !== null && { jsxFactory }),
      ...(jsx === 'classic' && jsxFragment !== null && { jsxFragmentFactory: jsxFragment }),
      sourceMap: true,
      removeComments: false,
    },
  })
  const first = diagnostics?.find(({ category }) => category === ts.DiagnosticCategory.Error)
  const map = JSON.parse(sourceMapText ?? '{}') as { mappings?: string }
  return {
    code: outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n'),
    mappings: map.mappings ?? '',
    error:
      first === undefined
        ? null
        : { message: ts.flattenDiagnosticMessageText(first.messageText, '\n'), index: first.start ?? 0 },
  }
}

Reflect.set(globalThis, Symbol.for('vitrine.bundle.transpile'), { transpile })
