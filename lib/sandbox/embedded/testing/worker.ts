// Entry of the Worker that runs tests: vitest, Jest, and the structured report behind `Sandbox.test()`.
import { takeAssets } from '../process/program'
import { prepareTests, runTests, testPrograms } from '../process/program/testing'
import { runProcessWorker } from '../process/run-worker'

runProcessWorker({ programs: testPrograms, runTests, prepare: prepareTests, takeAssets })
