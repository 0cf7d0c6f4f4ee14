// Durable projects in the tab: IndexedDB transactions, one writer per project, followers in other tabs.
// Runs in the browser. Must never lose what a caller was told is saved, nor reload or blank anything by itself.
export { type ProjectLock, type ProjectLockOptions, projectLock } from './lock'
export { type SaveProblem, StorageRefused } from './problem'
export { type BrowserStoreOptions, openBrowserStore } from './store'
export * from './types'
