const pythonTest = /(^|\/)(test_[^/]*|[^/]*_test)\.py$/
const scriptTest = /\.(test|spec)\.[cm]?[jt]sx?$|(^|\/)(__tests__|tests?)\/.*\.[cm]?[jt]sx?$/

/** Whose runner a project's tests are for: Python's when these, or all that there are, are Python's. */
export function testLanguage(wanted: readonly string[] | undefined, paths: Iterable<string>): 'python' | 'script' {
  if (wanted && wanted.length > 0) return wanted.every((path) => path.endsWith('.py')) ? 'python' : 'script'
  let hasPython = false
  for (const path of paths) {
    if (scriptTest.test(path)) return 'script'
    hasPython ||= pythonTest.test(path)
  }
  return hasPython ? 'python' : 'script'
}
