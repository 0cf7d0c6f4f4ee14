import { minimatch } from 'minimatch'
import { readdirSync } from './fs'

interface Entry {
  name: string
  isDirectory(): boolean
}

/** Folders and files that match, relative to `cwd`; a pattern that ends in a slash means folders. For `workspaces`. */
export async function glob(
  patterns: string | string[],
  { cwd, ignore = [] }: { cwd: string; ignore?: string[] },
): Promise<string[]> {
  const found: string[] = []
  const wanted = [patterns].flat()
  const walk = (folder: string) => {
    for (const entry of readdirSync(`${cwd}/${folder}`, { withFileTypes: true }) as Entry[]) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.name === 'node_modules' || ignore.some((pattern) => minimatch(path, pattern.replace(/\/$/, ''))))
        continue
      const isFolder = entry.isDirectory()
      if (
        wanted.some((pattern) => (isFolder || !pattern.endsWith('/')) && minimatch(path, pattern.replace(/\/$/, '')))
      ) {
        found.push(path)
      }
      if (isFolder) walk(path)
    }
  }
  walk('')
  return found
}
