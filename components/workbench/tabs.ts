/** The open files, in order; at most one is a preview (italics), replaced by the next file looked at. */
export interface OpenTabs {
  paths: readonly string[]
  active: string | null
  preview: string | null
}

export const noTabs: OpenTabs = { paths: [], active: null, preview: null }

/** Shows a file; `keep` makes it stay when another file is looked at. */
export function openTab(tabs: OpenTabs, path: string, { keep = false } = {}): OpenTabs {
  if (tabs.paths.includes(path)) {
    return { ...tabs, active: path, preview: keep && tabs.preview === path ? null : tabs.preview }
  }
  const preview = keep ? tabs.preview : path
  if (!keep && tabs.preview !== null) {
    return { paths: tabs.paths.map((open) => (open === tabs.preview ? path : open)), active: path, preview }
  }
  const after = tabs.active === null ? tabs.paths.length : tabs.paths.indexOf(tabs.active) + 1
  return { paths: tabs.paths.toSpliced(after, 0, path), active: path, preview }
}

/** Its right neighbour becomes active, else the left one. */
export function closeTab(tabs: OpenTabs, path: string): OpenTabs {
  const index = tabs.paths.indexOf(path)
  if (index === -1) return tabs
  const paths = tabs.paths.toSpliced(index, 1)
  return {
    paths,
    active: tabs.active === path ? (paths[Math.min(index, paths.length - 1)] ?? null) : tabs.active,
    preview: tabs.preview === path ? null : tabs.preview,
  }
}

export function moveTab(tabs: OpenTabs, path: string, toIndex: number): OpenTabs {
  const without = tabs.paths.filter((open) => open !== path)
  return without.length === tabs.paths.length ? tabs : { ...tabs, paths: without.toSpliced(toIndex, 0, path) }
}

/** Follows a file or folder that moved. */
export function renameInTabs(tabs: OpenTabs, from: string, to: string): OpenTabs {
  const moved = (path: string) =>
    path === from ? to : path.startsWith(`${from}/`) ? to + path.slice(from.length) : path
  return {
    paths: tabs.paths.map(moved),
    active: tabs.active === null ? null : moved(tabs.active),
    preview: tabs.preview === null ? null : moved(tabs.preview),
  }
}

/** The tab `step` places further, around the ends. */
export function neighbour(tabs: OpenTabs, step: 1 | -1): string | null {
  if (tabs.active === null) return tabs.paths[0] ?? null
  const index = tabs.paths.indexOf(tabs.active) + step
  return tabs.paths.at(index % tabs.paths.length) ?? null
}
