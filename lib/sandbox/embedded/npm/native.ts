/**
 * Packages with native parts. Some have a build for WebAssembly under another name that does the same: it is unpacked in
 * their place, so that what depends on them works; the lock file stays what npm writes anywhere.
 */
const standIns: Record<string, string> = {
  esbuild: 'esbuild-wasm',
  lightningcss: 'lightningcss-wasm',
  rollup: '@rollup/wasm-node',
  'sass-embedded': 'sass',
}

/** What to take instead, by hand: these differ in name, version or interface. */
const advice: Record<string, string> = {
  '@swc/core': '@swc/wasm, or leave compiling to the sandbox',
  'better-sqlite3': 'sql.js or @electric-sql/pglite',
  bcrypt: 'bcryptjs',
  argon2: 'hash-wasm or @noble/hashes',
  canvas: '@napi-rs/canvas in its WebAssembly build, or an SVG',
  'cpu-features': 'nothing: ssh2 works without it',
  fsevents: 'nothing: it is for macOS',
  'node-sass': 'sass',
  sqlite3: 'sql.js or @electric-sql/pglite',
  'utf-8-validate': 'nothing: ws works without it',
  bufferutil: 'nothing: ws works without it',
  '@prisma/client': 'drizzle-orm on @electric-sql/pglite',
  puppeteer: 'nothing: there is no browser in the sandbox; use happy-dom or jsdom for DOM tests',
  playwright: 'nothing: there is no browser in the sandbox; use happy-dom or jsdom for DOM tests',
}

/** The name of what stands in; null for the most, and for rollup when it had no native parts yet. */
export function standInFor(name: string, version: string): string | null {
  if (name === 'rollup' && /^[0-3]\./.test(version)) return null
  return Object.hasOwn(standIns, name) ? (standIns[name] ?? null) : null
}

export interface NativeSigns {
  name: string
  files: readonly { path: string }[]
  scripts: Record<string, string>
}

/** Why a package cannot work here, in one sentence; null when nothing speaks against it. */
export function nativeProblem({ name, files, scripts }: NativeSigns): string | null {
  const builds = /node-gyp|prebuild|node-pre-gyp|cmake-js|napi/.test(
    ['preinstall', 'install', 'postinstall'].map((step) => scripts[step] ?? '').join(' '),
  )
  const isNative = builds || files.some(({ path }) => path === 'binding.gyp' || path.endsWith('.node'))
  const instead = Object.hasOwn(advice, name) ? advice[name] : undefined
  if (!isNative && !(instead && Object.hasOwn(advice, name) && /^(?:puppeteer|playwright|@swc\/core)$/.test(name))) {
    return null
  }
  return `${name} has native code, which cannot run in the sandbox${instead ? `; take ${instead}` : ''}.`
}
