// Entry of the bundle `node-late`: what few programs use of Node's library, and of what stands in for its engine. Loaded into a running process.
import { indents, sources } from 'vitrine:node-library/late'
import { withDeadlineChecks } from './deadline-checks'
import { DelayHistogram, Histogram } from './histogram'
import { createModuleWrap } from './module-wrap'
import { installPromiseHooks } from './promise-hooks'

Reflect.set(globalThis, Symbol.for('vitrine.bundle.node-late'), {
  sources,
  indents,
  withDeadlineChecks,
  installPromiseHooks,
  createModuleWrap,
  Histogram,
  DelayHistogram,
})
