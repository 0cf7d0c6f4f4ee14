// Entry of the Python Worker, which is loaded with the first `python`, `pytest` or `pip`.
import { runProcessWorker } from '../process/run-worker'
import { bootInterpreter } from './interpreter'
import { python } from './python'
import { runTests } from './run-tests'

runProcessWorker({
  programs: { python, python3: python, pytest: python, pip: python, pip3: python },
  // A spare Worker has its interpreter running before it is told what to run.
  takeAssets: bootInterpreter,
  runTests,
})
