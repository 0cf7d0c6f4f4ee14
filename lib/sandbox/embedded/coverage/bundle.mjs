// The bundle becomes a function of `require`, which gives Babel the few builtins of Node that it names.
import { fileURLToPath } from 'node:url'

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'coverage',
  setup(build) {
    Object.assign(build.initialOptions, {
      format: 'iife',
      globalName: 'coverage',
      external: ['assert', 'path'],
      banner: { js: "globalThis[Symbol.for('vitrine.bundle.coverage')] = (require) => {" },
      footer: { js: 'return coverage }\n//# sourceURL=vitrine:coverage.js' },
    })
    build.onResolve({ filter: /^crypto$/ }, () => ({ path: fileURLToPath(new URL('hash.ts', import.meta.url)) }))
  },
}
