import { errorAt } from './errors'

export function parseJsonModule(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw errorAt(new SyntaxError(`${path}: ${reason}`), null)
  }
}
