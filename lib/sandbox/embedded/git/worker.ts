// Entry of the git Worker, which is loaded with the first `git` command.
import { runProcessWorker } from '../process/run-worker'
import { git } from './git'

runProcessWorker({
  programs: {
    async git(host) {
      const exitCode = await git(host)
      // It has waited for whatever it started.
      host.isIdle = true
      return exitCode
    },
  },
})
