/** The beginning of a body that should be short; what comes after it is let go. */
export async function readBeginning(response: Response, maxChars: number): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (reader && text.length < maxChars) {
    const { done, value } = await reader.read()
    if (done) return text
    text += value
  }
  await reader?.cancel()
  return text.slice(0, maxChars)
}
