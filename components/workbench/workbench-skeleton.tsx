import { EditorSkeleton } from '../editor/editor-skeleton'

const rows = [44, 62, 55, 70, 38, 58]

/** The shape of the workbench while the project opens. */
export function WorkbenchSkeleton() {
  return (
    <div role="status" aria-label="The project is opening" className="flex h-dvh flex-col overflow-hidden">
      <div className="flex h-11 shrink-0 items-center gap-3 border-line border-b bg-panel px-3.5">
        <span className="skeleton size-5" />
        <span className="skeleton h-3 w-28" />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="flex w-[236px] flex-col gap-3 border-line border-r bg-panel px-3.5 pt-12 max-md:hidden">
          {rows.map((width) => (
            <span key={width} className="skeleton h-2.5 shrink-0" style={{ width: `${width}%` }} />
          ))}
        </div>
        <div className="min-w-0 flex-1 pt-9">
          <EditorSkeleton />
        </div>
        <div className="w-[408px] border-line border-l bg-panel max-md:hidden" />
      </div>
    </div>
  )
}
