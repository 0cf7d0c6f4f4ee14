import { parseRegistryPath } from '@/lib/base'

/** What somebody asks of the registry: a package, and a range, a version or a tag. */
export interface Want {
  name: string
  wanted: string
}

/** `react@^19.0.0`, `@types/node@latest`. */
export const labelOf = ({ name, wanted }: Want): string => `${name}@${wanted}`

/** Reads what `labelOf` writes; null for everything that is no package's name and no range, version or tag. */
export function parseWant(label: string): Want | null {
  const [, name, wanted] = /^(@?[^@]+)@([\w.^~<>=|*+!'() -]{1,200})$/.exec(label) ?? []
  if (name === undefined || wanted === undefined || parseRegistryPath(name)?.kind !== 'metadata') return null
  return { name, wanted }
}
