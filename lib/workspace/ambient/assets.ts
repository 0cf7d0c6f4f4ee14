/** What bundlers let a module import, and Vite's `import.meta.env`. */
export const assetTypes = `declare module '*.module.css' {
  const classes: { readonly [name: string]: string }
  export default classes
}
declare module '*.css' {}
declare module '*.scss' {}
declare module '*.svg' {
  const url: string
  export default url
}
declare module '*.png' {
  const url: string
  export default url
}
declare module '*.jpg' {
  const url: string
  export default url
}
declare module '*.gif' {
  const url: string
  export default url
}
declare module '*.webp' {
  const url: string
  export default url
}
declare module '*?raw' {
  const text: string
  export default text
}
declare module '*?url' {
  const url: string
  export default url
}

interface ImportMetaEnv {
  readonly MODE: string
  readonly BASE_URL: string
  readonly DEV: boolean
  readonly PROD: boolean
  readonly SSR: boolean
  readonly [name: string]: any
}
interface ImportMeta {
  readonly env: ImportMetaEnv
  readonly hot?: { accept(...args: any[]): void; dispose(run: (data: any) => void): void; data: any }
  glob(pattern: string | string[], options?: object): Record<string, any>
}
declare module 'vite/client' {}
declare module 'vite' {
  export function defineConfig<T>(config: T): T
}
`
