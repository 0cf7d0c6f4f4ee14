/** As much of JSON schema as tools describe themselves with. */
interface Schema {
  type?: unknown
  properties?: unknown
  items?: unknown
}

/**
 * Mends how weaker models write JSON: in a code fence, encoded twice, with line breaks inside strings or commas before a
 * closing bracket. What is cut off stays broken: a part of a call must never run. Null or undefined when nothing helps.
 */
export function repairJson(text: string): unknown {
  const bare = text.trim().replace(/^```(?:json)?\s*\n?([\s\S]*?)\n?```$/i, '$1')
  const value = tryParse(bare) ?? tryParse(mended(bare))
  return typeof value === 'string' ? (tryParse(value) ?? tryParse(mended(value))) : value
}

/** Values as the schema wants them, where only their form is wrong: `"3"` for 3, `"true"`, one for a list, JSON in a string. */
export function coerce(value: unknown, schema: unknown): unknown {
  const { type, properties, items } = isRecord(schema) ? (schema as Schema) : {}
  switch (type) {
    case 'number':
    case 'integer':
      return typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value
    case 'array': {
      const list = typeof value === 'string' ? (tryParse(value) ?? value) : value
      return (Array.isArray(list) ? list : [list]).map((item) => coerce(item, items))
    }
    case 'object': {
      const fields = typeof value === 'string' ? tryParse(value) : value
      if (!isRecord(fields) || !isRecord(properties)) return value
      return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, coerce(field, properties[name])]))
    }
    default:
      return value
  }
}

/** Outside strings commas before a closing bracket go; inside them control characters are spelled out. */
function mended(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[\s\S])*"|,(?=\s*[}\]])/g, (match) =>
    match === ','
      ? ''
      : match.replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )
}

/** Some models write null for what they leave out. */
export function withoutNull(_key: string, value: unknown): unknown {
  return value === null ? undefined : value
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text, withoutNull)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
