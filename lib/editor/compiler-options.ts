import type * as Monaco from 'monaco-editor'
import type { FileMap } from '@/lib/workspace'

type CompilerOptions = Monaco.typescript.CompilerOptions

// TypeScript's own numbers; Monaco's enums stop at ES2020 and do not know newer kinds, its worker (5.9) does.
const targets: Record<string, number> = {
  es5: 1,
  es6: 2,
  es2015: 2,
  es2016: 3,
  es2017: 4,
  es2018: 5,
  es2019: 6,
  es2020: 7,
}
for (const [index, year] of [2021, 2022, 2023, 2024].entries()) targets[`es${year}`] = 8 + index
const moduleKinds: Record<string, number> = {
  none: 0,
  commonjs: 1,
  es6: 5,
  es2015: 5,
  es2020: 6,
  es2022: 7,
  esnext: 99,
  node16: 100,
  nodenext: 199,
  preserve: 200,
}
const jsxKinds: Record<string, number> = { preserve: 1, react: 2, 'react-native': 3, 'react-jsx': 4, 'react-jsxdev': 5 }
const esNext = 99
const bundlerResolution: number = 100

const passedThrough = [
  'strict',
  'noImplicitAny',
  'strictNullChecks',
  'noUncheckedIndexedAccess',
  'exactOptionalPropertyTypes',
  'noImplicitReturns',
  'noImplicitOverride',
  'noFallthroughCasesInSwitch',
  'noUnusedLocals',
  'noUnusedParameters',
  'noPropertyAccessFromIndexSignature',
  'useUnknownInCatchVariables',
  'verbatimModuleSyntax',
  'erasableSyntaxOnly',
  'isolatedModules',
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'useDefineForClassFields',
  'jsxImportSource',
  'jsxFactory',
  'jsxFragmentFactory',
  'checkJs',
  'resolveJsonModule',
  'paths',
] as const

/** What Monaco's TypeScript is told, from the project's `tsconfig.json`; a broken or missing one gives the defaults. */
export function compilerOptionsOf(files: FileMap): CompilerOptions {
  const given = readTsconfig(files.get('tsconfig.json'))
  const options: CompilerOptions = {
    strict: true,
    target: targets[lower(given.target)] ?? esNext,
    module: moduleKinds[lower(given.module)] ?? esNext,
    moduleResolution: bundlerResolution,
    jsx: jsxKinds[lower(given.jsx)] ?? jsxKinds['react-jsx'],
    lib: libsOf(given.lib),
    allowJs: true,
    allowNonTsExtensions: true,
    allowImportingTsExtensions: true,
    allowSyntheticDefaultImports: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    moduleDetection: 3,
    skipLibCheck: true,
    noEmit: true,
    baseUrl: 'file:///',
  }
  for (const key of passedThrough) {
    const value = given[key]
    if (value !== undefined) Object.assign(options, { [key]: value })
  }
  // `module: nodenext` forbids bundler resolution.
  if (options.module === moduleKinds.node16 || options.module === moduleKinds.nodenext) options.module = esNext
  return options
}

function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}

function libsOf(lib: unknown): string[] {
  const names = Array.isArray(lib) ? lib.filter((name) => typeof name === 'string') : ['esnext', 'dom', 'dom.iterable']
  return names.map((name) => `lib.${name.toLowerCase()}.d.ts`)
}

function readTsconfig(text: unknown): Record<string, unknown> {
  if (typeof text !== 'string') return {}
  try {
    const parsed: unknown = JSON.parse(withoutComments(text))
    if (typeof parsed !== 'object' || parsed === null || !('compilerOptions' in parsed)) return {}
    const options = parsed.compilerOptions
    return typeof options === 'object' && options !== null ? { ...options } : {}
  } catch (error) {
    // Half-typed JSON is normal while somebody edits it.
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

/** JSON with comments and trailing commas, as tsconfig allows, to plain JSON. Strings stay whole. */
function withoutComments(text: string): string {
  return text
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string: string | undefined) => string ?? '')
    .replace(
      /("(?:[^"\\]|\\.)*")|,(\s*[}\]])/g,
      (_, string: string | undefined, end: string | undefined) => string ?? end ?? '',
    )
}
