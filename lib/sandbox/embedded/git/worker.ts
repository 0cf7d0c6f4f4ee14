// Entry of the git Worker, which is loaded with the first `git` command.
import { runProcessWorker } from '../process/run-worker'
import { git } from './git'

runProcessWorker({ programs: { git } })
