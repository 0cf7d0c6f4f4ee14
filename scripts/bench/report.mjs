export const repeats = 7

/** One line of JSON; `baseline` is null where there is nothing to compare with. */
export function print(bench, value, unit, baseline = null) {
  const round = (number) => (number === null ? null : Math.round(number * 1000) / 1000)
  const ratio = baseline === null ? null : round(value / baseline)
  console.log(JSON.stringify({ bench, value: round(value), unit, baseline: round(baseline), ratio }))
}

export function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
}
