import { createStore } from '@/lib/base'

export type ThemeChoice = 'system' | 'paper' | 'ink' | 'contrast'
export type Theme = Exclude<ThemeChoice, 'system'>

export const themeChoices: readonly { choice: ThemeChoice; label: string }[] = [
  { choice: 'system', label: 'Follow the system' },
  { choice: 'paper', label: 'Paper (light)' },
  { choice: 'ink', label: 'Ink (dark)' },
  { choice: 'contrast', label: 'High contrast' },
]

/** What the user chose and what shows. `themeScript` has set the first value on `<html>` before React runs. */
export const themeStore = createStore<{ choice: ThemeChoice; theme: Theme }>(() => ({
  choice: 'system',
  theme: 'paper',
}))

const storageKey = 'vitrine-theme'

function isChoice(value: unknown): value is ThemeChoice {
  return themeChoices.some(({ choice }) => choice === value)
}

function systemTheme(): Theme {
  if (matchMedia('(prefers-contrast: more)').matches) return 'contrast'
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'ink' : 'paper'
}

function show(choice: ThemeChoice) {
  const theme = choice === 'system' ? systemTheme() : choice
  document.documentElement.dataset.theme = theme
  themeStore.setState({ choice, theme })
}

export function chooseTheme(choice: ThemeChoice) {
  show(choice)
  try {
    localStorage.setItem(storageKey, choice)
  } catch (error) {
    console.warn('The theme lasts until this page is closed: storage is blocked.', error)
  }
}

function storedChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(storageKey)
    return isChoice(stored) ? stored : 'system'
  } catch (error) {
    console.warn('The stored theme cannot be read.', error)
    return 'system'
  }
}

/** Follows the stored choice, other tabs and the system; returns its undo. */
export function watchTheme(): () => void {
  const refresh = () => show(storedChoice())
  const queries = [matchMedia('(prefers-color-scheme: dark)'), matchMedia('(prefers-contrast: more)')]
  refresh()
  for (const query of queries) query.addEventListener('change', refresh)
  addEventListener('storage', refresh)
  return () => {
    for (const query of queries) query.removeEventListener('change', refresh)
    removeEventListener('storage', refresh)
  }
}

/** Runs in the document's head, before the first paint, so that no other theme flashes up. */
export const themeScript = `(()=>{let c=null;try{c=localStorage.getItem('${storageKey}')}catch(e){console.warn(e)}
if(c!=='paper'&&c!=='ink'&&c!=='contrast')c=matchMedia('(prefers-contrast: more)').matches?'contrast':matchMedia('(prefers-color-scheme: dark)').matches?'ink':'paper'
document.documentElement.dataset.theme=c})()`
