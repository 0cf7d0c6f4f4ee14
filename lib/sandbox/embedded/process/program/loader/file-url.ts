/** A path as a URL; what is a URL by itself stays. */
export function toFileUrl(path: string): string {
  if (!path.startsWith('/')) return path
  const encoded = encodeURI(path).replace(/[?#]/g, encodeURIComponent)
  return `file://${encoded.replaceAll('%5B', '[').replaceAll('%5D', ']')}`
}

/** The path of a file URL; other URLs stay. */
export function toPath(url: string): string {
  return url.startsWith('file:') ? decodeURIComponent(new URL(url).pathname) : url
}
