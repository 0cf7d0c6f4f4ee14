interface AttemptHint {
  /** For people, a few words. */
  title: string
  /** For the model; null leaves it to itself. */
  approach: string | null
  /** Sent where the model takes it, so that attempts differ also where approaches do not. */
  temperature?: number
}

/** What sets several attempts at one turn apart, in the order in which they are used. The first is what a single attempt would be. */
export const attemptHints: readonly AttemptHint[] = [
  { title: 'plain', approach: null },
  {
    title: 'smallest change',
    approach:
      'Look for the smallest change that meets the request: as few lines as you can, in as few files as you can.',
    temperature: 0.4,
  },
  {
    title: 'tests first',
    approach:
      'Begin with the tests: run them, or write the ones that are missing, and let what they say lead each change.',
    temperature: 0.7,
  },
  {
    title: 'cause first',
    approach:
      'Before you change anything, write down two or three explanations that fit, look for what tells them apart, and only then mend the one that holds.',
    temperature: 1,
  },
  {
    title: 'simpler code',
    approach: 'Prefer to make the code simpler on the way, where that meets the request with less to understand.',
    temperature: 0.6,
  },
  {
    title: 'edge cases',
    approach:
      'List the edge cases first (empty, zero, negative, very large, unexpected types) and hold your change against each.',
    temperature: 0.8,
  },
  {
    title: 'existing helpers',
    approach: 'Search the project for code that already does a part of this, and build on it rather than beside it.',
    temperature: 0.5,
  },
  {
    title: 'from the outside',
    approach:
      'Start where the code is used: follow one call from its caller inwards, and change it where the caller’s expectation first breaks.',
    temperature: 0.9,
  },
]

/** What attempt number `index` of `total` is told after the user’s message; null for the plain one. */
export function attemptHint(index: number, total: number): string | null {
  const approach = attemptHints[index]?.approach ?? null
  if (approach === null) return null
  return `<attempt number="${index + 1}" of="${total}">\nSeveral attempts at this request are made side by side, each on its own copy of the project; the checks decide which is taken. Yours goes about it this way: ${approach}\n</attempt>`
}

/** What all attempts are told in a project without tests. */
export const testsWanted =
  '<attempts>\nSeveral attempts at this request are made side by side and compared by their tests. The project has no tests yet: write tests for what you change first, such that they fail before and pass after.\n</attempts>'
