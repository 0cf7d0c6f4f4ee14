const shownAsText = /^(?:application\/(?:[\w.-]+\+)?(?:json|javascript)|text\/(?!html|xml|event-stream)[\w.-]+)\b/i

/** Whether a document of this type is text that browsers show as it is. */
export function isText(type: string): boolean {
  return shownAsText.test(type)
}

/** Text that is still arriving as a page, so that it has our script too: the IDE hears where it is and what it says. */
export function textPage(body: ReadableStream<Uint8Array<ArrayBuffer>>, type: string, src: string) {
  const toPage = new TransformStream<string, string>({
    start: (controller) =>
      controller.enqueue(
        `<!doctype html><meta charset="utf-8"><script src="${src}"></script><pre style="white-space:pre-wrap">\n`,
      ),
    transform: (text, controller) => controller.enqueue(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')),
  })
  return body.pipeThrough(decoderOf(type)).pipeThrough(toPage).pipeThrough(new TextEncoderStream())
}

/** A charset that browsers do not know is UTF-8 to them. */
function decoderOf(type: string): TextDecoderStream {
  const charset = /\bcharset="?([\w-]+)/i.exec(type)?.[1] ?? 'utf-8'
  try {
    return new TextDecoderStream(charset)
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoderStream()
    throw error
  }
}
