import { afterEach, expect, it } from 'vitest'
import { notePlaces, withMappedPlaces } from '../../preview/mapped-places'
import type { PackageRunner } from './compilers'
import { compileVue } from './vue'

afterEach(() => Reflect.deleteProperty(globalThis, '__vitrineMappedModules'))

/** As Vue's compiler answers for a script on lines 2 and 3 of the file and a template that begins on line 5. */
const compiler = {
  parse: (_source: string, { sourceMap }: { sourceMap: boolean }) => ({
    errors: [],
    descriptor: {
      script: { content: 'first\nsecond', lang: 'ts', attrs: {}, loc: { start: { line: 1 } } },
      scriptSetup: null,
      template: { content: '\n<p/>', attrs: {}, loc: { start: { line: 5 } } },
      styles: [{ content: '.red {}', module: true, attrs: {}, loc: { start: { line: 8 } } }],
      sourceMap,
    },
  }),
  // A line of the compiler's, then the two of the user.
  compileScript: () => ({ content: 'made\nfirst\nsecond', map: { mappings: ';AACA;AACA' } }),
  compileStyleAsync: async ({ source }: { source: string }) => ({ code: source, errors: [] }),
  // The second line of the template on the third, from column 4 on.
  compileTemplate: () => ({ code: 'import\nfunction\n    use()', errors: [], map: { mappings: ';;IACE' } }),
}
const runner = {
  find: () => '/home/project/node_modules/@vue/compiler-sfc/package.json',
  importFile: async () => compiler,
} as unknown as PackageRunner

const compile = (isProduction: boolean) =>
  compileVue('', runner, {
    path: '/home/project/src/App.vue',
    isProduction,
    preprocess: async (css) => css,
    scopeClasses: async (css, path) => ({ css: css.replace('red', 'own'), names: { red: path.replace(/.*\//, '') } }),
    emitStyle: (_id, css) => `style(${JSON.stringify(css)})`,
  })

it('leads from a stack to the lines of the script and of the template', async () => {
  const { code, parts } = await compile(false)
  const lines = code.split('\n')
  // biome-ignore lint/security/noGlobalEval: the module would run it
  globalThis.eval(notePlaces('/src/App.vue', parts))
  const at = (text: string, column: number) => {
    const line = lines.findIndex((each) => each.includes(text)) + 1
    return withMappedPlaces(`Error: no\n    at f (http://localhost:5173/src/App.vue?t=1:${line}:${column})`)
  }
  expect(at('second', 1)).toBe('Error: no\n    at f (http://localhost:5173/src/App.vue?t=1:3:1)')
  expect(at('use()', 5)).toBe('Error: no\n    at f (http://localhost:5173/src/App.vue?t=1:6:3)')
})

it('offers the component the classes of its style module', async () => {
  expect((await compile(true)).code).toContain(
    'style(".own {}")\n;(_sfc_main.__cssModules ??= {})["$style"] = {"red":"App-0.module.css"}',
  )
})

it('leaves other modules alone, and notes nothing in a build', async () => {
  const stack = 'Error\n    at http://localhost:5173/src/other.ts:7:1\n    at http://localhost/constructor:1:1'
  expect(withMappedPlaces(stack)).toBe(stack)
  const { parts } = await compile(true)
  expect(notePlaces('/src/App.vue', parts)).toBe('')
  // biome-ignore lint/security/noGlobalEval: the module would run it
  globalThis.eval(notePlaces('/src/App.vue', (await compile(false)).parts))
  expect(withMappedPlaces(stack)).toBe(stack)
})
