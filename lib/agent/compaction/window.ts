/** Tokens of a model's window, assumed where nobody knows it. */
export const assumedWindow = 128_000
