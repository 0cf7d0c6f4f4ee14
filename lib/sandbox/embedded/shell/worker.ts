// Entry of the shell Worker, which is loaded when a command line needs a shell.
import { runProcessWorker } from '../process/run-worker'
import { shell } from './shell'

runProcessWorker({ programs: { sh: shell, bash: shell } })
