/** Characters that fit beside “Thinking:” on a phone. */
const maxHeading = 60

/** The last heading of a summary of thoughts: each paragraph begins with one in bold, as far as there are any. */
export function headingOf(text: string): string | null {
  const heading = [...text.matchAll(/^\*\*([^*\n]+)\*\*\s*$/gm)].at(-1)?.[1]?.trim()
  if (!heading) return null
  return heading.length > maxHeading ? `${heading.slice(0, maxHeading - 1)}…` : heading
}
