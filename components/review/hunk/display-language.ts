import { conf, language } from 'monaco-editor/languages/definitions/typescript/typescript.js'
import { monaco } from '@/components/editor/monaco'
import { extname } from '@/lib/base'

/** Colours TypeScript and JavaScript without their language services: two sides of a file are no part of the project. */
const displayLanguage = 'typescript-display'
monaco.languages.register({ id: displayLanguage })
monaco.languages.setLanguageConfiguration(displayLanguage, conf)
monaco.languages.setMonarchTokensProvider(displayLanguage, language)

export function displayLanguageOf(path: string): string | undefined {
  const extension = extname(path)
  if (/^\.[cm]?[jt]sx?$/.test(extension)) return displayLanguage
  return monaco.languages.getLanguages().find((each) => each.extensions?.includes(extension))?.id
}
