const names = new Map<string, string>()

/** Says which file a module is, for engines whose stacks give its address and not its `sourceURL`. */
export function nameScript(url: string, path: string): void {
  names.set(url, path)
}

export function scriptName(url: string): string {
  return names.get(url) ?? url
}
