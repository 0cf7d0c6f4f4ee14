import { resolve } from '../process/program/builtins/path'

/** What follows the first `?`, with it; empty when nothing does. */
export function splitQuery(url: string): { path: string; query: string } {
  const at = url.indexOf('?')
  return at === -1 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at) }
}

/** A file as its address at the server. */
export function urlOfFile(root: string, path: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length) : `/@fs${path}`
}

/** The file behind an address; it may not exist. */
export function fileOfUrl(root: string, pathname: string): string {
  const decoded = decodeURIComponent(pathname)
  return decoded.startsWith('/@fs/') ? decoded.slice('/@fs'.length) : resolve(root, `.${decoded}`)
}

/** Short, stable and safe in names. */
export function hashOf(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36).padStart(8, '0').slice(-8)
}

/** A specifier as the name of a file. */
export const fileNameOf = (specifier: string) => specifier.replace(/[^\w.-]/g, '_')

export const isInPackages = (path: string) => path.includes('/node_modules/')
export const scriptPattern = /\.(?:[cm]?[jt]s|[jt]sx)$/
export const stylePattern = /\.(?:css|s[ac]ss|less|styl)$/
