/** A path as a URL; what is a URL by itself stays. */
export function toFileUrl(path: string): string {
  if (!path.startsWith('/')) return path
  return `file://${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}`
}

/** The path of a file URL; other URLs stay. */
export function toPath(url: string): string {
  return url.startsWith('file:') ? decodeURIComponent(new URL(url).pathname) : url
}
