import { ChevronRight, CornerDownRight, FlaskConical, Image } from 'lucide-react'
import { basename, extname } from '@/lib/base'

// Letters instead of pictures: colour stays free for states, and a type can be read.
const glyphs: Record<string, string> = {
  '.ts': 'TS',
  '.mts': 'TS',
  '.cts': 'TS',
  '.tsx': 'TX',
  '.js': 'JS',
  '.mjs': 'JS',
  '.cjs': 'JS',
  '.jsx': 'JX',
  '.json': '{}',
  '.css': '#',
  '.scss': '#',
  '.html': '<>',
  '.md': 'M',
  '.py': 'PY',
  '.yml': 'Y',
  '.yaml': 'Y',
  '.sh': '$',
  '.sql': 'DB',
  '.csv': ',,',
}
const images = new Set(['.png', '.jpg', '.jpeg', '.gif', '.svg', '.webp', '.avif', '.ico'])

export function isTestFile(path: string): boolean {
  return /(\.|_|-)(test|spec)\.[cm]?[jt]sx?$/.test(basename(path))
}

export function FileIcon({ path }: { path: string }) {
  const extension = extname(path)
  return (
    <span aria-hidden className="inline-flex size-4 shrink-0 items-center justify-center text-muted">
      {isTestFile(path) ? (
        <FlaskConical size={13} strokeWidth={1.75} />
      ) : images.has(extension) ? (
        <Image size={13} strokeWidth={1.75} />
      ) : (
        <span className="font-mono font-semibold text-[9.5px] leading-none tracking-tighter">
          {glyphs[extension] ?? '·'}
        </span>
      )}
    </span>
  )
}

export function LinkIcon() {
  return (
    <span aria-hidden className="inline-flex size-4 shrink-0 items-center justify-center text-muted">
      <CornerDownRight size={13} strokeWidth={1.75} />
    </span>
  )
}

export function FolderIcon({ open }: { open: boolean }) {
  return (
    <span aria-hidden className="inline-flex size-4 shrink-0 items-center justify-center text-muted">
      <ChevronRight
        size={13}
        className={open ? 'rotate-90 transition-transform duration-120' : 'transition-transform duration-120'}
      />
    </span>
  )
}
