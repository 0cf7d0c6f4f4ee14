declare module 'virtual:hmr-client' {
  const source: string
  export default source
}
declare module 'virtual:react-refresh' {
  const source: string
  export default source
}
declare module 'react-refresh/runtime' {
  export function injectIntoGlobalHook(window: Window): void
  export function register(type: unknown, id: string): void
  export function setSignature(type: unknown, key: string, forceReset: boolean, customHooks: () => unknown[]): void
  export function performReactRefresh(): unknown
  export function isLikelyComponentType(type: unknown): boolean
}
