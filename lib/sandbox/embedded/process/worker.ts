// Entry of the process Worker: `node` and the test programs, `npm` and `npx`.
import { npm, npx } from './npm'
import { programs, runTests } from './program'
import { runProcessWorker } from './run-worker'

runProcessWorker({ programs: { ...programs, npm, npx }, runTests })
