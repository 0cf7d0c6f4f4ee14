// The model that some browsers bring along (the Prompt API). Runs in a page.
// Must never send anything anywhere, nor be offered where the browser has none.
export * from './device-model'
export * from './prompt-api'
