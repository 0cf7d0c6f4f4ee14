// What the model is told besides the conversation: instructions, mode, environment, focus, a map of the project.
// Runs everywhere. Must never edit an item that was sent: what changes is told in a new one.
export { factsOf } from './facts'
export { type Focus, noFocus } from './focus'
export { contextItems, sessionItems } from './items'
export { reviewItem } from './review-item'
export { touchedPaths } from './touched'
