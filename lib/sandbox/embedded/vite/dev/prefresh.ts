import type { ViteContext } from '../context'

const packages = ['@prefresh/core', '@prefresh/utils']

/** Preact's hot updates, where its preset has brought them. */
export function prefreshPackages({ runner }: ViteContext): readonly string[] {
  return packages.every((name) => runner.find(name) !== null) ? packages : []
}

/** Served as `/@prefresh`: what instrumented modules call, on Prefresh from the project's packages. */
export function prefreshModule(urlOf: (specifier: string) => string): string {
  const [core = '', utils = ''] = packages
  return `import ${JSON.stringify(urlOf(core))}; import { flush } from ${JSON.stringify(urlOf(utils))};
export function sign(type, key, hooks) {
  self.__PREFRESH__.sign(type, key, false, hooks, 'begin');
  self.__PREFRESH__.sign(type, key, false, hooks, 'needsHooks');
}
export function register(type, id) { self.__PREFRESH__.register(type, id) }
export function boundary(id, current, hot) {
  hot.accept(() => { try { flush() } catch (error) { console.error(error); hot.invalidate('Prefresh failed') } });
}`
}
