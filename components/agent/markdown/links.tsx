'use client'

import { type ReactNode, useContext, useState } from 'react'
import { ExternalLinkDialog } from './external-link-dialog'
import { ProjectLinksContext } from './project-links'
import { toExternalUrl, toFileTarget } from './targets'

/** A link as text until it proves to be a file of the project or a web address; a press never navigates by itself. */
export function MarkdownLink({ href, children }: { href: string; children: ReactNode }) {
  const url = toExternalUrl(href)
  if (url !== null) return <ExternalLink url={url}>{children}</ExternalLink>
  return <FileLink text={decodePath(href)}>{children}</FileLink>
}

/** Inline code; a path of the project (`src/x.ts:12`) opens in the editor. */
export function PathCode({ children }: { children: ReactNode }) {
  const code = <code>{children}</code>
  return typeof children === 'string' ? <FileLink text={children}>{code}</FileLink> : code
}

function FileLink({ text, children }: { text: string; children: ReactNode }) {
  const project = useContext(ProjectLinksContext)
  const target = toFileTarget(text)
  if (target === null || !project.has(target.path)) return children
  return (
    <button type="button" className="agent-file-link" title={`Open ${text}`} onClick={() => project.open(target)}>
      {children}
    </button>
  )
}

// A button without an address: nothing to prefetch, drag, middle-click or open past the dialog.
function ExternalLink({ url, children }: { url: URL; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="agent-link"
        title={url.href}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {children}
      </button>
      {open && <ExternalLinkDialog url={url} onClose={() => setOpen(false)} />}
    </>
  )
}

function decodePath(href: string): string {
  try {
    return decodeURI(href).replace(/^\.\//, '')
  } catch (error) {
    if (error instanceof URIError) return ''
    throw error
  }
}
