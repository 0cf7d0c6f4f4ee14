// Entry of the process Worker: `node`, `npm`, `npx` and `tsc`.
import { npm, npx } from './npm'
import { programs } from './program'
import { runProcessWorker } from './run-worker'
import { tsc } from './tsc'

runProcessWorker({ programs: { ...programs, npm, npx, tsc } })
