// Entry of the vite Worker: development server, build and preview of web projects. Loaded on first use.
import { runProcessWorker } from '../process/run-worker'
import { vite } from './vite'

runProcessWorker({ programs: { vite } })
