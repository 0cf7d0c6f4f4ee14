'use client'
import { TriangleAlert } from 'lucide-react'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Button } from './ui/button'
import { EmptyState } from './ui/empty-state'

interface Props {
  /** For the message, e.g. “Terminal”. */
  name: string
  children: ReactNode
}

/** Keeps a fault in one pane from taking the others down. */
export class PaneBoundary extends Component<Props, { error: Error | null; stack: string }> {
  override state = { error: null as Error | null, stack: '' }

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    console.error(`The pane “${this.props.name}” failed.`, error)
    this.setState({ stack: info.componentStack ?? '' })
  }

  override render() {
    const { error, stack } = this.state
    if (!error) return this.props.children
    const details = `${this.props.name}: ${error.stack ?? error.message}\n${stack}`
    return (
      <EmptyState
        icon={<TriangleAlert size={24} strokeWidth={1.5} className="text-warn-text" />}
        title={`${this.props.name} stopped working`}
        action={
          <>
            <Button tone="primary" onClick={() => this.setState({ error: null, stack: '' })}>
              Try again
            </Button>
            <Button onClick={() => void navigator.clipboard.writeText(details)}>Copy details</Button>
          </>
        }
      >
        {error.message.replace(/\.?$/, '.')} Your files are safe.
      </EmptyState>
    )
  }
}
