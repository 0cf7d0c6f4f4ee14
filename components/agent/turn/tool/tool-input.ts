/** The patch text of a call, freeform or wrapped in JSON; null while JSON is still being written. */
export function patchOf(input: string): string | null {
  if (!input.trimStart().startsWith('{')) return input
  const patch = parseObject(input)?.patch
  return typeof patch === 'string' ? patch : null
}

export function commandOf(input: string): string | null {
  const command = parseObject(input)?.command
  return typeof command === 'string' ? command : null
}

/** One `name: value` a line; the raw text when it is not a JSON object (yet). */
export function prettyInput(input: string): string {
  const object = parseObject(input)
  if (object === null) return input
  return Object.entries(object)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n')
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
