/** Text that nobody here wrote, so marked that the model can tell it from what it was told to do. It cannot end its own mark. */
export function outsideText(source: string, text: string): string {
  const inner = text.replaceAll(/<(?=\/?text-from-outside)/gi, '‹')
  return `<text-from-outside source="${source.replaceAll(/["<>\n]/g, ' ')}">\n${inner.trim()}\n</text-from-outside>`
}

/** Where marked text in an output says that it comes from; null when there is none. */
export function outsideSource(output: string): string | null {
  return /^<text-from-outside source="([^"\n]*)">$/m.exec(output)?.[1] ?? null
}
