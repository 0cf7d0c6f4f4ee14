/** CommonJS that stands in for what browsers do not have: an error when it is used, not before. */
export function absentModule(path: string): string {
  return `module.exports = new Proxy({}, { get(_, key) { if (typeof key === 'symbol' || key === '__esModule' || key === 'default' || key === 'then') return undefined;
    throw new Error(${JSON.stringify(`“${path}” is not available in browsers: `)} + String(key)) } })`
}
