// Models without a mind: the demo model's scripts, and the wire events of a scripted reply.
// Runs everywhere; the server serves the demo from here. Must never pretend to be a real model.
export { demoModelInfo, demoReply } from './demo-model'
export { demoPrompts } from './demo-prompts'
export { type Reply, streamReply } from './reply'
