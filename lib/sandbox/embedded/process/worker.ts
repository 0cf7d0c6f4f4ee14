// Entry of the process Worker: `node` and the test programs, `npm`, `npx` and `tsc`.
import { npm, npx } from './npm'
import { prepare, programs, runTests } from './program'
import { runProcessWorker } from './run-worker'
import { tsc } from './tsc'

runProcessWorker({ programs: { ...programs, npm, npx, tsc }, runTests, prepare })
