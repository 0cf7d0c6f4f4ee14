// Breaks changed code in small ways on forks and sees whether the tests notice: what passing tests are worth.
// Runs everywhere. Must never change the project.
export { checkTests, type TestCheck, type TriedMutant } from './check-tests'
