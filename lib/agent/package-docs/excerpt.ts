import { plural } from '@/lib/base'
import type { Section } from './readme'
import type { Declaration } from './signatures'

/** Of one answer; about 6,000 tokens. */
const maxCharacters = 24_000
const maxHeadings = 60
/** Shown around a hit in a declaration that is too long to be shown whole. */
const linesAround = 6
const longDeclaration = 4_000

/** Whole sections as far as they fit; with a query those that speak of it, headings first. */
export function readmeExcerpt(sections: readonly Section[], query: string): string {
  const wanted = query.toLowerCase()
  const byHeading = sections.filter(({ heading }) => heading.toLowerCase().includes(wanted))
  const byText = sections.filter(
    (section) => !byHeading.includes(section) && section.text.toLowerCase().includes(wanted),
  )
  const hits = wanted === '' ? [...sections] : [...byHeading, ...byText]
  if (hits.length === 0) return `Nothing in it speaks of “${query}”. Its headings: ${headings(sections)}`
  const { text, left } = fill(hits.map((section) => section.text))
  const rest = left === 0 ? '' : `\n\n(cut here; ask with query for one of: ${headings(hits.slice(-left))})`
  return text + rest
}

export function declarationsExcerpt(declarations: readonly Declaration[], query: string): string {
  const wanted = query.toLowerCase()
  const hits = declarations.filter(({ text }) => text.toLowerCase().includes(wanted))
  if (declarations.length === 0) return 'It declares nothing itself.'
  if (hits.length === 0) return `None of ${plural(declarations.length, 'declaration')} speaks of “${query}”.`
  const named = (text: string) => Number(wanted !== '' && nameOf(text).toLowerCase().includes(wanted))
  const sorted = [...hits].sort((a, b) => named(b.text) - named(a.text))
  const { text, left } = fill(sorted.map((hit) => `// ${hit.file}\n${shorten(hit.text, wanted)}`))
  const names = sorted
    .slice(-left || sorted.length)
    .map((hit) => nameOf(hit.text))
    .filter((name) => name !== '')
  const rest =
    left === 0
      ? ''
      : `\n\n(cut here; ask with query for one of: ${[...new Set(names)].slice(0, maxHeadings).join(', ')})`
  return text + rest
}

/** The first piece is cut when it alone is too long; of the others only whole ones are taken. */
function fill(pieces: readonly string[]): { text: string; left: number } {
  let text = ''
  for (const [index, piece] of pieces.entries()) {
    if (text !== '' && text.length + piece.length > maxCharacters) return { text, left: pieces.length - index }
    text += (text === '' ? '' : '\n\n') + piece.slice(0, maxCharacters)
  }
  return { text, left: 0 }
}

function shorten(text: string, wanted: string): string {
  if (wanted === '' || text.length <= longDeclaration) return text
  const lines = text.split('\n')
  const shown = new Set<number>([0])
  for (const [index, line] of lines.entries()) {
    if (!line.toLowerCase().includes(wanted)) continue
    for (let at = index - linesAround; at <= index + linesAround; at++) shown.add(at)
  }
  return lines.flatMap((line, index) => (shown.has(index) ? [line] : shown.has(index - 1) ? ['  …'] : [])).join('\n')
}

function nameOf(declaration: string): string {
  const code = declaration.replace(/\/\*[\s\S]*?\*\//g, '')
  const keyword = 'function|class|interface|type|const|let|var|enum|namespace|module'
  return new RegExp(`\\b(?:${keyword})\\s+['"]?([\\w$./@-]+)`).exec(code)?.[1] ?? ''
}

function headings(sections: readonly Section[]): string {
  const names = sections.map(({ heading }) => heading).filter((heading) => heading !== '')
  return names.length === 0 ? 'none' : names.slice(0, maxHeadings).join(' · ')
}
