import { monaco } from '@/components/editor/monaco'
import type { CodeToken } from './code-spans'
import { displayLanguageOf } from './display-language'

/** Longer texts stay plain: colour is not worth the wait. */
const maxCharacters = 200_000

/** The tokens of each line. Import it dynamically: it brings Monaco along. */
export async function tokenize(path: string, text: string): Promise<CodeToken[][]> {
  const language = displayLanguageOf(path)
  if (language === undefined || text.length > maxCharacters) return []
  // Grammars come when they are first asked for, and only this waits for them.
  await monaco.editor.colorize('', language, {})
  return monaco.editor
    .tokenize(text, language)
    .map((tokens) => tokens.map(({ offset, type }) => ({ start: offset, kind: type })))
}
