const names = new Map<string, string>()

/** Says which file a module is, for engines whose stacks give its address and not its `sourceURL`. */
export function nameScript(url: string, path: string): void {
  names.set(url, path)
}

export function scriptName(url: string): string {
  return names.get(url) ?? url
}

const texts = new Map<string, string>()

/** Keeps what a script without a file reads, by the name that stacks give it. */
export function nameText(name: string, text: string): void {
  texts.set(name, text)
}

export function textOfScript(name: string): string | undefined {
  return texts.get(name)
}
