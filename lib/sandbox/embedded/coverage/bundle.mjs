// The bundle becomes a function of `require`, which gives Babel the few builtins of Node that it names.
export const plugin = {
  name: 'coverage',
  setup({ initialOptions }) {
    Object.assign(initialOptions, {
      format: 'iife',
      globalName: 'coverage',
      external: ['assert', 'crypto', 'path'],
      banner: { js: "globalThis[Symbol.for('vitrine.bundle.coverage')] = (require) => {" },
      footer: { js: 'return coverage }\n//# sourceURL=vitrine:coverage.js' },
    })
  },
}
