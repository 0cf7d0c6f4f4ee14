// Entry of the process Worker: `node`, `npm`, `npx`, `tsc`, `ps` and `kill`.
import { npm, npx } from './npm'
import { kill, ps } from './process-list'
import { prepare, programs, takeAssets } from './program'
import { runProcessWorker } from './run-worker'
import { tsc } from './tsc'

runProcessWorker({ programs: { ...programs, npm, npx, tsc, ps, kill }, prepare, takeAssets })
