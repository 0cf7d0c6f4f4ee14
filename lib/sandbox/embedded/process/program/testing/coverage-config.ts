export interface CoverageConfig {
  isOn: boolean
  include: string[]
  exclude: string[]
  reporters: string[]
  /** Absolute. */
  directory: string
  /** Files that no test loads count with nothing covered. */
  all: boolean
  thresholds: Partial<Record<'lines' | 'functions' | 'statements' | 'branches', number>>
}

export const defaultCoverage = (root: string): CoverageConfig => ({
  isOn: false,
  include: [],
  exclude: [],
  reporters: ['text', 'lcov', 'json-summary'],
  directory: `${root}/coverage`,
  all: false,
  thresholds: {},
})

const metrics = ['lines', 'functions', 'statements', 'branches'] as const

export function thresholdsOf(given: unknown): CoverageConfig['thresholds'] {
  const source = Object(given) as Record<string, unknown>
  if (source['100'] === true) return { lines: 100, functions: 100, statements: 100, branches: 100 }
  return Object.fromEntries(metrics.flatMap((name) => (typeof source[name] === 'number' ? [[name, source[name]]] : [])))
}
