import type { PagePicture } from '@/lib/sandbox/embedded/preview'

/** What the previewed page has to show for itself. All of it comes from the page: untrusted text. */
export interface PreviewReport {
  /** A path of the project's own site, or a server's address. */
  url: string
  title: string
  /** Oldest first. */
  console: readonly { level: string; text: string; count: number }[]
  /** The uncaught error that the page shows, with the place in the project where it is known. */
  error: { message: string; place: { path: string; line: number } | null } | null
  /** The visible text of the page, when it was asked for; null when the page did not answer. */
  text: string | null
  /** What it looks like, when that was asked for, or why there is no picture. */
  picture?: PagePicture | { problem: string }
}

/** Looks at the preview, which it opens when it is closed. */
export interface PreviewProbe {
  /** Rejects with a sentence for the model when there is nothing to show, and with the abort reason. */
  look(options: { port?: number; text: boolean; picture?: boolean; signal: AbortSignal }): Promise<PreviewReport>
}
