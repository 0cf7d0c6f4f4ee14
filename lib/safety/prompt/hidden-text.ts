/**
 * Characters that carry text nobody sees or turn text around: Unicode tags, bidi controls, zero-width characters, variation
 * selectors beyond emoji. The joiner between emoji and in Arabic or Indic words, and the six tags that a flag emoji may
 * have, are left alone.
 */
const hidden =
  /(?<!\u{1f3f4}[\u{e0000}-\u{e007f}]{0,5})[\u{e0000}-\u{e007f}]|[\u202a-\u202e\u2066-\u2069]|[\u200b\u2060-\u2064\u180e\u00ad\u115f\u1160\u3164\uffa0]|(?<=.)\ufeff|(?<!(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}]|\ufe0f))[\u200c\u200d]|[\u{e0100}-\u{e01ef}]|[\u200e\u200f](?![\p{Script=Arabic}\p{Script=Hebrew}])/gu

export function hasHidden(text: string): boolean {
  return text.search(hidden) !== -1
}

/** The text as a reader believes it to be. For what is sent to a model. */
export function stripHidden(text: string): string {
  return text.replace(hidden, '')
}

/** Hidden characters spelled out: tags as the letters they smuggle, the rest as `‹U+202E›`. For what a person approves. */
export function revealHidden(text: string): string {
  const smuggled = text.replace(
    /(?<!\u{1f3f4}[\u{e0000}-\u{e007f}]{0,5})[\u{e0020}-\u{e007e}]+/gu,
    (tags) => `‹hidden: ${fromTags(tags)}›`,
  )
  return smuggled.replace(
    hidden,
    (char) => `‹U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
  )
}

/** Each tag character stands for the ASCII character 0xE0000 below. */
function fromTags(tags: string): string {
  return [...tags].map((char) => String.fromCodePoint((char.codePointAt(0) ?? 0xe0020) - 0xe0000)).join('')
}
