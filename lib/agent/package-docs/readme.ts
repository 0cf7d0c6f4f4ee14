import type { PackageFiles } from './package-files'

/** Far more than is shown of one. */
const maxCharacters = 300_000

export interface Section {
  heading: string
  text: string
}

/** Null when the package has none. */
export async function readReadme(files: PackageFiles): Promise<{ path: string; text: string } | null> {
  const names = (await files.topFiles()).filter((name) => /^readme(?:\.(?:md|markdown|txt|rst))?$/i.test(name))
  const path = names.sort((a, b) => Number(/\.md$/i.test(b)) - Number(/\.md$/i.test(a)))[0]
  const text = path === undefined ? null : await files.read(path)
  return path === undefined || text === null || text.trim() === ''
    ? null
    : { path, text: withoutDecoration(text.slice(0, maxCharacters)) }
}

/** What is for eyes alone goes: comments, badges, pictures, the tags around them. Bounded, as strangers write these texts. */
function withoutDecoration(markdown: string): string {
  return markdown
    .replace(/\r\n?/g, '\n')
    .replace(/<!--[\s\S]{0,3000}?-->/g, '')
    .replace(/\[!\[[^\]\n]{0,300}\]\([^)\n]{0,500}\)\]\([^)\n]{0,500}\)/g, '')
    .replace(/!\[[^\]\n]{0,300}\](?:\([^)\n]{0,500}\)|\[[^\]\n]{0,300}\])/g, '')
    .replace(/<\/?(?:img|picture|source|p|div|center|a|br|h[1-6])\b[^>\n]{0,500}>/gi, '')
    .replace(/(?<![ \t])[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** By headings; what a fence holds is no heading. */
export function sectionsOf(markdown: string): Section[] {
  const sections: Section[] = []
  let current: Section = { heading: '', text: '' }
  let isFenced = false
  for (const line of markdown.split('\n')) {
    if (/^\s*(?:```|~~~)/.test(line)) isFenced = !isFenced
    const heading = isFenced ? null : /^#{1,6}\s+(.{1,300}?)\s*#*$/.exec(line.slice(0, 320))
    if (heading) {
      sections.push(current)
      current = { heading: heading[1] ?? '', text: line }
    } else {
      current.text += `${current.text === '' && current.heading === '' ? '' : '\n'}${line}`
    }
  }
  return [...sections, current].filter(({ text }) => text.trim() !== '')
}
