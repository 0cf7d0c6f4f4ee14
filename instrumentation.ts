/** Runs once when the server starts; what needs Node is elsewhere, since this file is also made for its other runtime. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { onStart } = await import('./lib/server/on-start')
  onStart()
}
