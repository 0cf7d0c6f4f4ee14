import 'server-only'
import { readEnv } from './env'

/**
 * A wrong setting ends the start with a sentence instead of failing each request. The server ends with `npm start`, also
 * when that is killed: with nobody to read its log, it would fail for ever at each line.
 */
export function onStart(): void {
  process.on('disconnect', () => process.exit())
  readEnv(process.env)
}
