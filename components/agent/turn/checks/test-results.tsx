import { Check, CircleSlash, X } from 'lucide-react'
import { plural } from '@/lib/base'
import type { TestCase, TestReport } from '@/lib/sandbox'
import { Disclosure } from '../../disclosure'
import { ScrollBox } from '../../scroll-box'
import { plainOutput } from '../../text/plain-output'
import { VisibleText } from '../../text/visible-text'
import { Place } from '../place'

/** Failures in full, then what passed, closed. */
export function TestResults({ report }: { report: TestReport }) {
  const tests = report.suites.flatMap(({ file, tests }) => tests.map((test) => ({ ...test, file })))
  const failed = tests.filter((test) => test.status === 'failed')
  const rest = tests.filter((test) => test.status !== 'failed')
  const broken = report.suites.filter((suite) => suite.error !== undefined)
  return (
    <div className="flex flex-col gap-2 border-line border-t px-3 py-2 text-meta">
      {broken.map(({ file, error = '' }) => (
        <Failure key={file} title={`${file} did not load`} error={error} />
      ))}
      {failed.map((test) => (
        <Failure
          key={`${test.file} ${test.name}`}
          title={test.name}
          error={test.error ?? ''}
          location={test.location}
        />
      ))}
      {rest.length > 0 && (
        <Disclosure label={summaryOf(report)}>
          <ul className="m-0 mt-1 flex list-none flex-col gap-0.5 p-0">
            {rest.map((test) => (
              <li key={`${test.file} ${test.name}`} className="flex gap-1.5 text-muted">
                {test.status === 'passed' ? (
                  <Check size={12} role="img" aria-label="passed" className="mt-0.5 shrink-0 text-ok-text" />
                ) : (
                  <CircleSlash size={12} role="img" aria-label={test.status} className="mt-0.5 shrink-0" />
                )}
                {test.name}
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </div>
  )
}

function Failure({ title, error, location }: { title: string; error: string } & Pick<TestCase, 'location'>) {
  return (
    <div>
      <p className="m-0 flex gap-1.5">
        <X size={12} role="img" aria-label="failed" className="mt-0.5 shrink-0 text-bad-text" />
        <span className="min-w-0 break-words font-medium">{title}</span>
        {location && (
          <span className="ml-auto shrink-0">
            <Place {...location} />
          </span>
        )}
      </p>
      {error !== '' && (
        <ScrollBox aria-label={`Why ${title} failed`} className="mt-1 ml-[18px] max-h-48 overflow-auto text-muted">
          <pre className="m-0 whitespace-pre-wrap break-words">
            <VisibleText text={plainOutput(error)} />
          </pre>
        </ScrollBox>
      )}
    </div>
  )
}

function summaryOf({ passed, skipped }: TestReport): string {
  return skipped === 0 ? plural(passed, 'test passed', 'tests passed') : `${passed} passed, ${skipped} skipped`
}
