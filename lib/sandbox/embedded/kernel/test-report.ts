import type { CoverageReport, FileCoverage, TestCase, TestReport, TestSuite } from '../../types'

/** The code under test could write the report itself: whatever it says, it has the shape that everybody relies on. */
export function isTestReport(value: unknown): value is TestReport {
  const hasCounts = hasNumbers(value, ['passed', 'failed', 'skipped', 'durationMs'])
  const isCovered = isRecord(value) && (value.coverage === undefined || isCoverage(value.coverage))
  // Of earlier runs a process knows nothing.
  const isOfThisRun = isRecord(value) && value.slower === undefined
  return hasCounts && isCovered && isOfThisRun && Array.isArray(value.suites) && value.suites.every(isSuite)
}

function isCoverage(value: unknown): value is CoverageReport {
  return hasNumbers(value, ['pct']) && Array.isArray(value.files) && value.files.every(isFileCoverage)
}

function isFileCoverage(value: unknown): value is FileCoverage {
  if (!hasNumbers(value, ['pct']) || typeof value.file !== 'string') return false
  return [value.covered, value.uncovered, value.partial].every(isLines)
}

const isLines = (value: unknown) =>
  Array.isArray(value) && value.every((line: unknown) => Number.isInteger(line) && Number(line) > 0)

function isSuite(value: unknown): value is TestSuite {
  if (!isRecord(value) || typeof value.file !== 'string' || !isTextOrMissing(value.error)) return false
  return Array.isArray(value.tests) && value.tests.every(isCase)
}

const statuses: readonly unknown[] = ['passed', 'failed', 'skipped', 'todo'] satisfies TestCase['status'][]

function isCase(value: unknown): value is TestCase {
  if (!hasNumbers(value, ['durationMs']) || typeof value.name !== 'string') return false
  const { status, error, location } = value
  const isPlace = hasNumbers(location, ['line', 'column']) && typeof location.file === 'string'
  return statuses.includes(status) && isTextOrMissing(error) && (location === undefined || isPlace)
}

function hasNumbers(value: unknown, fields: readonly string[]): value is Record<string, unknown> {
  return isRecord(value) && fields.every((field) => typeof value[field] === 'number')
}

function isTextOrMissing(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
