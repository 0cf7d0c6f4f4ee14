'use client'
import { useState, useSyncExternalStore } from 'react'
import { WorkbenchView } from '../workbench/workbench-view'
import { createFakeSession, type FakeSessionOptions } from './fake-session'

const states: Record<string, FakeSessionOptions> = {
  normal: {},
  restricted: { restricted: true },
  'read-only': { project: { readOnly: true } },
  'not-stored': {
    project: {
      save: 'memory',
      saveProblem: 'The browser’s storage is full. Download the project, or delete old ones.',
    },
  },
  notices: {
    project: {
      notices: [
        { id: '1', level: 'info', message: 'The sandbox “webcontainer” did not answer; the embedded one is used.' },
        { id: '2', level: 'error', message: 'The browser has lost the content of src/cart.ts.' },
      ],
    },
  },
  booting: { runtime: { status: 'booting', bootMs: null } },
  'sandbox-failed': { runtime: { status: 'failed', bootMs: null, error: 'The frame did not answer within 10 s.' } },
  empty: { files: {} },
}

const never = () => () => undefined

/** Drawn in the browser alone, as the product's own workbench is. */
export function WorkbenchGallery({ state }: { state: string }) {
  const isBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  return isBrowser && <Workbench state={state} />
}

function Workbench({ state }: { state: string }) {
  const [session] = useState(() => createFakeSession(states[state]))
  return <WorkbenchView session={session} />
}
