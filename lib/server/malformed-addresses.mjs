const continued = '%[89abAB][0-9a-fA-F]'
/** A character of an address, written plainly or as the bytes of its UTF-8. */
const character = [
  '[^%]',
  '%[0-7][0-9a-fA-F]',
  `%(?:[cC][2-9a-fA-F]|[dD][0-9a-fA-F])${continued}`,
  `%[eE](?:0%[abAB][0-9a-fA-F]|[dD]%[89][0-9a-fA-F]|[1-9a-cA-CeEfF]${continued})${continued}`,
  `%[fF](?:0%[9abAB][0-9a-fA-F]|[1-3]${continued}|4%8[0-9a-fA-F])${continued}${continued}`,
].join('|')
/** The rest of an address that holds an escape which stands for no character. */
const malformed = `(?:(?!(?:${character})*$)).*`

/** Rewrites of addresses that the framework cannot decode: it answers them with a bare 500. */
export const malformedAddresses = [
  { source: `/api/:rest(${malformed})`, destination: '/api/malformed' },
  { source: `/:rest(${malformed})`, destination: '/malformed' },
]
