/**
 * Runs once when the server starts: a wrong setting ends the start with a sentence instead of failing each request. The
 * server ends with `npm start`, also when that is killed: with nobody to read its log, it would fail for ever at each line.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  process.on('disconnect', () => process.exit())
  const { readEnv } = await import('./lib/server/env')
  readEnv(process.env)
}
