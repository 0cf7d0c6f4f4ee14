// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
/** OSC, DCS, SOS, PM and APC strings up to their end, CSI sequences, other escapes. Source: ECMA-48 §5, §8.3. */
const escapes =
  /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: control characters are what is looked for

/** Output of a program as plain text: no escape sequences, and of a line that was drawn over only the last state. */
export function plainOutput(text: string): string {
  return text
    .replace(escapes, '')
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => {
      const drawn = line.replace(/\r+$/, '')
      return drawn.slice(drawn.lastIndexOf('\r') + 1)
    })
    .join('\n')
}
