import { loadEnv } from '../../../vite/config/env'
import type { Project } from '../../../vite/project'

const flags = new Set<PropertyKey>(['DEV', 'PROD', 'SSR'])

/** What vitest puts into `process.env`: the mode, and what the project's `.env` files have for its pages. */
export function variablesOf(project: Project, env: Readonly<Record<string, string>>): Record<string, string> {
  const found = Object.entries(loadEnv(project, 'test', env)).filter(([name]) => name.startsWith('VITE_'))
  return { MODE: 'test', DEV: '1', PROD: '', SSR: '1', BASE_URL: '/', ...Object.fromEntries(found) }
}

/** `import.meta.env`: the process's variables, of which some are flags. */
export function createMetaEnv(env: Record<string, string>): object {
  return new Proxy(env, {
    get: (own, key) => (flags.has(key) ? Boolean(Reflect.get(own, key)) : Reflect.get(own, key)),
    set: (own, key, value) => Reflect.set(own, key, flags.has(key) ? (value ? '1' : '') : value),
  })
}
