/** Runs once when the server starts: a wrong setting ends the start with a sentence instead of failing each request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { readEnv } = await import('./lib/server/env')
  readEnv(process.env)
}
