import { hashOf } from '../paths'
import type { PackageRunner } from './compilers'

interface Babel {
  transformSync(code: string, options: object): { code?: string | null } | null
}

export interface SolidOptions {
  path: string
  isProduction: boolean
  /** Of the lockfile: the compiler is bundled anew when its packages change. */
  packagesKey: string
}

/** JSX of Solid, by its own Babel preset; with its hot updates in development. */
export async function compileSolid(
  code: string,
  runner: PackageRunner,
  { path, isProduction, packagesKey }: SolidOptions,
): Promise<string> {
  const hasRefresh = !isProduction && runner.find('solid-refresh/babel') !== null
  const specifiers = ['@babel/core', 'babel-preset-solid', ...(hasRefresh ? ['solid-refresh/babel'] : [])]
  if (runner.find('babel-preset-solid') === null) {
    throw new Error('Solid needs the package “vite-plugin-solid” (with “babel-preset-solid”); run npm install.')
  }
  const packages = await runner.bundle(specifiers, `solid-compiler-${hasRefresh}-${hashOf(packagesKey)}`)
  const [babel, preset, refresh] = Object.values(packages) as [
    Babel,
    { default?: unknown },
    { default?: unknown } | undefined,
  ]
  const result = babel.transformSync(code, {
    filename: path,
    sourceType: 'module',
    babelrc: false,
    configFile: false,
    sourceMaps: false,
    retainLines: true,
    parserOpts: { plugins: ['jsx'] },
    presets: [[preset.default ?? preset, {}]],
    plugins: refresh ? [[refresh.default ?? refresh, { bundler: 'vite', fixRender: true, jsx: false }]] : [],
  })
  return result?.code ?? ''
}
