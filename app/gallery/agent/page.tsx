import { notFound } from 'next/navigation'
import { AgentGallery } from './agent-gallery'

/** The agent pane in all its states, for people who work on it; not part of the product. */
export default function Page() {
  if (process.env.NODE_ENV === 'production') notFound()
  return <AgentGallery />
}
