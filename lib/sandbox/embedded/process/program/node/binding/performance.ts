import type { DelayHistogram, Histogram } from '../library/histogram'
import { natives } from '../natives'
import type { Binding, BindingContext } from './context'

interface Late {
  Histogram: typeof Histogram
  DelayHistogram: typeof DelayHistogram
}

export function createPerformanceBinding({ constants, loop, bundle }: BindingContext): Binding {
  const values = constants('performance')
  const { constants: names } = values as { constants: Record<string, number> }
  const milestones = new Float64Array(8).fill(-1)
  const originNs = natives.now() * 1e6
  const mark = (name: string, value: number) => {
    const index = names[`NODE_PERFORMANCE_MILESTONE_${name}`]
    if (index !== undefined) milestones[index] = value
  }
  mark('TIME_ORIGIN_TIMESTAMP', (natives.timeOrigin + natives.now()) * 1e3)
  mark('TIME_ORIGIN', originNs)
  for (const name of ['ENVIRONMENT', 'NODE_START', 'V8_START', 'LOOP_START']) mark(name, originNs)
  return {
    ...values,
    milestones,
    observerCounts: new Uint32Array(5),
    now: () => natives.now() - originNs / 1e6,
    setupObservers: () => undefined,
    installGarbageCollectionTracking: () => undefined,
    removeGarbageCollectionTracking: () => undefined,
    notify: () => undefined,
    loopIdleTime: () => 0,
    markBootstrapComplete: () => mark('BOOTSTRAP_COMPLETE', natives.now() * 1e6),
    uvMetricsInfo: () => [0, 0, 0],
    getLoopTime: loop.now,
    Histogram: function Histogram(lowest: number, highest: number, figures: number) {
      return new (bundle<Late>('node-late').Histogram)({ clock: natives, lowest, highest, figures })
    },
    createELDHistogram: (resolution: number) => new (bundle<Late>('node-late').DelayHistogram)(natives, resolution),
  }
}
