/** npm's library formats trees for people with it; nothing here shows them. */
export function inspect(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
}
Object.assign(inspect, { custom: Symbol.for('nodejs.util.inspect.custom') })

export function format(...values: unknown[]): string {
  return values.map(inspect).join(' ')
}

type Callback = (error: unknown, value?: unknown) => void

export function promisify(run: (...values: unknown[]) => void): (...values: unknown[]) => Promise<unknown> {
  return (...values) =>
    new Promise((resolve, reject) => {
      const done: Callback = (error, value) => (error ? reject(error) : resolve(value))
      run(...values, done)
    })
}
