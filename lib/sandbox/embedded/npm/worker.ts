// Entry of the package installer's Worker: `npm`, `npx`, `pnpm`, `yarn`. Reads project files, runs none of their code.
import { runProcessWorker } from '../process/run-worker'
import { asOther, npm, npx } from './program'

runProcessWorker({ programs: { npm, npx, pnpm: asOther('pnpm'), pnpx: npx, yarn: asOther('yarn') } })
