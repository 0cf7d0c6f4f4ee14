/** Identical calls in a row after which the model is told, and after which the turn ends (the last one is not run). */
export const warnAfter = 3
export const stopAfter = 5

/** Counts identical calls in a row. Any other call in between starts the count anew. */
export function createRepetitionCounter(): (tool: string, input: string) => number {
  let last = ''
  let count = 0
  return (tool, input) => {
    const call = `${tool}\n${input}`
    count = call === last ? count + 1 : 1
    last = call
    return count
  }
}
