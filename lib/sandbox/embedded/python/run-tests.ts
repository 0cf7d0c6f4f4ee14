import type { TestReport } from '../../types'
import { projectRoot } from '../process/host'
import type { MachineHost } from '../process/machine-host'
import { python } from './python'

const reportPath = '/tmp/vitrine-python-tests.json'

/** All tests, or those asked for, as the structured report that `Sandbox.test` gives. */
export async function runTests(
  host: MachineHost,
  { files = [], filter }: { files?: string[]; filter?: string },
): Promise<TestReport> {
  const chosen = files.map((path) => `${projectRoot}/${path}`)
  host.argv = ['pytest', '-q', `--json=${reportPath}`, ...(filter ? [`--contains=${filter}`] : []), ...chosen]
  await python(host)
  if (!host.fs.exists(reportPath)) throw new Error('The tests ended before they could report.')
  const report = JSON.parse(new TextDecoder().decode(host.fs.readFile(reportPath))) as TestReport
  host.fs.rm(reportPath)
  return report
}
