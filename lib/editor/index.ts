// The editor's side of the workspace: Monaco models as a view of the files, its TypeScript settings, its themes.
// Runs in the browser and receives Monaco as an argument. Must never load Monaco itself or know React.
export * from './compiler-options'
export * from './language'
export * from './minimal-edits'
export * from './monaco-sync'
export * from './recheck'
export * from './themes'
