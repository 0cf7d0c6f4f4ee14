import { natives } from './natives'

/** The clocks as they were before any program or fake timer replaced them. */
export const realTimers = { setTimeout: natives.setTimeout, clearTimeout: natives.clearTimeout, now: natives.now }
