/**
 * @typedef {{ passed: boolean, why: string, status: string, verified: boolean | null, steps: number,
 *   tokens: { input: number, cached: number, output: number, total: number }, dollars: number | null, seconds: number,
 *   error?: string }} Attempt
 */

/**
 * What a suite's attempts come to.
 * @param {{ suite: string, model: string, tasks: { name: string, title: string, attempts: Attempt[] }[] }} played
 */
export function toReport({ suite, model, tasks }) {
  const all = sum(tasks.flatMap(({ attempts }) => attempts))
  return {
    suite,
    model,
    passRate: all.passRate,
    sum: all,
    tasks: tasks.map((task) => ({ ...task, sum: sum(task.attempts) })),
  }
}

/** Dollars are null as soon as the price of one attempt is not known. @param {Attempt[]} attempts */
function sum(attempts) {
  const add = (read) => attempts.reduce((total, attempt) => total + read(attempt), 0)
  const passed = attempts.filter((attempt) => attempt.passed).length
  return {
    attempts: attempts.length,
    passed,
    passRate: attempts.length === 0 ? 0 : passed / attempts.length,
    steps: add(({ steps }) => steps),
    tokens: add(({ tokens }) => tokens.total),
    cachedTokens: add(({ tokens }) => tokens.cached),
    dollars: attempts.some(({ dollars }) => dollars === null) ? null : add(({ dollars }) => dollars ?? 0),
    seconds: add(({ seconds }) => seconds),
  }
}

/** The report as a table: a line for each task and one for all. */
export function toTable({ tasks, sum: total }) {
  const rows = [
    ['task', 'passed', 'steps', 'tokens', 'cached', 'dollars', 'seconds'],
    ...tasks.map((task) => [task.name, ...cells(task.sum)]),
    ['all', ...cells(total)],
  ]
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}

function cells({ attempts, passed, passRate, steps, tokens, cachedTokens, dollars, seconds }) {
  return [
    `${passed}/${attempts} ${(100 * passRate).toFixed(0)} %`,
    String(steps),
    String(tokens),
    String(cachedTokens),
    dollars === null ? '–' : dollars.toFixed(4),
    seconds.toFixed(1),
  ]
}
