const shown = /^(?:text\/|image\/|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript|ecmascript)\b)/i

/** The name of a file that a browser would save instead of showing it; null for what is shown. */
export function fileToSave(url: string, headers: Headers): string | null {
  const type = headers.get('content-type') ?? ''
  const disposition = headers.get('content-disposition') ?? ''
  if (!/^\s*attachment\b/i.test(disposition) && (type === '' || shown.test(type))) return null
  const [, encoded] = /\bfilename\*\s*=\s*[\w-]*'[^']*'([^;\s]+)/i.exec(disposition) ?? []
  const [, quoted, plain] = /\bfilename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition) ?? []
  const inPath = new URL(url).pathname.split('/').at(-1)
  return decoded(encoded) ?? quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? decoded(inPath || 'download') ?? 'download'
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    // It was not encoded.
    return text
  }
}
