import { plural } from '@/lib/base'
import type { CoverageReport } from '@/lib/sandbox'
import { useWorkbench } from '../workbench-context'

/** The share of each file's lines that the tests ran; the least covered first. */
export function CoverageList({ coverage }: { coverage: CoverageReport }) {
  const workbench = useWorkbench()
  const files = [...coverage.files].sort((a, b) => a.pct - b.pct)
  return (
    <li aria-label="Coverage" className="mt-2 border-line border-t pt-2">
      <p className="tabular m-0 px-2 pb-1 text-muted">
        {Math.round(coverage.pct)} % of the lines of {plural(files.length, 'file')} ran
      </p>
      <ul className="m-0 list-none p-0">
        {files.map(({ file, pct, uncovered }) => (
          <li key={file}>
            <button
              type="button"
              onClick={() => workbench.openFile(file, { place: { line: uncovered[0] ?? 1, column: 1 } })}
              className="flex min-h-6 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover touch:min-h-11"
            >
              <span className="min-w-0 flex-1 truncate">{file}</span>
              <span aria-hidden className="h-1 w-16 shrink-0 overflow-hidden rounded-full bg-selected">
                <span className="block h-full bg-[var(--ok)]" style={{ width: `${pct}%` }} />
              </span>
              <span className="tabular w-12 text-right text-muted">{Math.round(pct)} %</span>
            </button>
          </li>
        ))}
      </ul>
    </li>
  )
}
