// An esbuild plugin: gives Jest's expect and the fake timers what they ask of Node, so that they run in a Worker.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const parts = fileURLToPath(new URL('../lib/sandbox/embedded/process/program/testing/parts/', import.meta.url))

/** Package or builtin → its stand-in, and who may get it. */
const standIns = {
  'jest-message-util': ['jest-message-util.ts', /./],
  'jest-util': ['jest-util.ts', /./],
  util: ['promisify.ts', /@sinonjs[\\/]fake-timers/],
}

/** @type {import('esbuild').Plugin} */
export const testLibraryPlugin = {
  name: 'test-library',
  setup(build) {
    build.onResolve({ filter: /^(jest-message-util|jest-util|util)$/ }, ({ path, importer }) => {
      const [file, importers] = standIns[path]
      return importers.test(importer) ? { path: join(parts, file) } : undefined
    })
    build.onLoad({ filter: /node_modules[\\/]expect[\\/]build[\\/]index\.js$/ }, async ({ path }) => ({
      contents: adaptExpect(await readFile(path, 'utf8')),
      loader: 'js',
    }))
  },
}

const eagerMatchers = / {2}const expectation = \{\n {4}not: \{\},[\s\S]*? {2}return expectation;\n/

function adaptExpect(text) {
  if (!eagerMatchers.test(text))
    throw new Error('expect() is no longer what scripts/test-library.mjs knows; look at it anew.')
  return (
    text
      // vitest's expect keeps its matchers under the same global symbol.
      .replaceAll('$$jest-matchers-object', '$$jest-own-matchers-object')
      .replace(eagerMatchers, () => lazyMatchers)
  )
}

const lazyMatchers = `  return require(${JSON.stringify(join(parts, 'lazy-expectation.ts'))}).lazyExpectation({
    actual,
    matchers: allMatchers,
    promiseMatcher: getPromiseMatcher,
    throwing: makeThrowingMatcher,
    resolving: makeResolveMatcher,
    rejecting: makeRejectMatcher,
    newError: () => new JestAssertionError(),
  });
`
