const widths = [38, 62, 0, 46, 71, 54, 22, 0, 58, 40, 66, 30]

/** Lines of code to come. */
export function EditorSkeleton() {
  return (
    <div role="status" aria-label="The editor is loading" className="flex h-full flex-col gap-2.5 bg-bg px-14 pt-3.5">
      {widths.map((width, index) => (
        <span key={index} className="skeleton h-2.5 shrink-0 opacity-70" style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
