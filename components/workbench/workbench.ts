import { type Attachment, attachmentLabel } from '@/lib/agent/attachments/attachment'
import { createStore, type StoreApi } from '@/lib/base'
import type { Session } from '@/lib/session/types'
import { closeTab, moveTab, neighbour, noTabs, type OpenTabs, openTab, renameInTabs } from './tabs'

export type PanelTab = 'terminal' | 'tests' | 'problems' | 'console'
export type NarrowPane = 'files' | 'editor' | 'agent' | 'panel' | 'preview'
export type Overlay =
  | 'commands'
  | 'quick-open'
  | 'share'
  | 'threads'
  | 'inspector'
  | 'connect'
  | 'limits'
  | 'review-paths'
  | 'tool-servers'
export type Pane = 'side' | 'panel' | 'agent' | 'preview'

export interface WorkbenchState {
  tabs: OpenTabs
  side: 'files' | 'search'
  panel: PanelTab
  shown: Readonly<Record<Pane, boolean>>
  /** The one pane that a narrow screen shows. */
  narrow: NarrowPane
  overlay: Overlay | null
  /** Text that another pane has for the agent's composer, until that takes it. */
  suggestion: string | null
  /** What the file tree is to ask a name for, until it does. */
  naming: 'file' | 'folder' | null
  /** What goes along with the next message to the agent. */
  attachments: readonly Attachment[]
  /** Files the user changed since the project was opened. */
  touched: ReadonlySet<string>
}

/** 1-based. */
export interface Place {
  line: number
  column?: number
}

export interface Arrival {
  place: Place | null
  /** What had the focus when the file was asked for. */
  from: Element | null
}

/** What the code editor offers to commands while it is mounted. */
export interface EditorHandle {
  focus(): void
  reveal(place: Place): void
  /** Runs one of Monaco's own actions by id. */
  act(actionId: string): void
  place(): Place | null
}

/** Layout, tabs and focus of one open project: what the screen shows, never what the project is. */
export interface Workbench {
  state: StoreApi<WorkbenchState>
  editor: { current: EditorHandle | null }
  /** `keep` opens for good instead of as a preview; both `keep` and `place` (the cursor goes there) focus the editor. */
  openFile(path: string, options?: { keep?: boolean; place?: Place }): void
  /** What the editor has to do once it shows `path`: take the focus, unless the user writes elsewhere by now, and go to a place. Taken once. */
  takeArrival(path: string): Arrival | null
  closeFile(path: string): void
  moveFile(path: string, toIndex: number): void
  renamed(from: string, to: string): void
  nextFile(step: 1 | -1): void
  showPanel(panel: PanelTab): void
  showSide(side: WorkbenchState['side']): void
  /** Asks for its name in the file tree. */
  create(naming: 'file' | 'folder'): void
  showPreview(): void
  showNarrow(pane: NarrowPane): void
  setShown(pane: Pane, shown: boolean): void
  toggle(pane: Pane): void
  setOverlay(overlay: Overlay | null): void
  /** Puts text into the agent's composer, for the user to send. */
  compose(text: string): void
  /** Adds to what goes along with the next message, once. */
  attach(attachment: Attachment): void
  detach(attachment: Attachment): void
  /** Follows the workspace and remembers the layout until the returned function is called. */
  connect(): () => void
}

interface Remembered {
  tabs: OpenTabs
  side: WorkbenchState['side']
  panel: PanelTab
  shown: WorkbenchState['shown']
  narrow: NarrowPane
}

const memoryKey = 'workbench'

function initialState(session: Session): WorkbenchState {
  const remembered = session.memory.get<Partial<Remembered>>(memoryKey)
  return {
    tabs: existing(remembered?.tabs ?? noTabs, session),
    side: remembered?.side ?? 'files',
    panel: remembered?.panel ?? 'terminal',
    shown: { side: true, panel: true, agent: true, preview: false, ...remembered?.shown },
    narrow: remembered?.narrow ?? 'agent',
    overlay: null,
    suggestion: null,
    naming: null,
    attachments: [],
    touched: new Set(),
  }
}

function existing(tabs: OpenTabs, session: Session): OpenTabs {
  return tabs.paths.filter((path) => !session.workspace.files.has(path)).reduce(closeTab, tabs)
}

export function createWorkbench(session: Session): Workbench {
  const state = createStore<WorkbenchState>(() => initialState(session))
  const editor: Workbench['editor'] = { current: null }
  let pending: (Arrival & { path: string }) | null = null

  const setTabs = (tabs: OpenTabs) => state.setState({ tabs })
  const setShown = (pane: Pane, shown: boolean) =>
    state.setState(({ shown: all }) => ({ shown: { ...all, [pane]: shown } }))

  function remember() {
    return state.subscribe(({ tabs, side, panel, shown, narrow }, before) => {
      const same =
        tabs === before.tabs &&
        side === before.side &&
        panel === before.panel &&
        shown === before.shown &&
        narrow === before.narrow
      if (!same) session.memory.set(memoryKey, { tabs, side, panel, shown, narrow } satisfies Remembered)
    })
  }

  /** A page that begins to show brings its pane along. */
  function followPreview() {
    return session.preview.state.subscribe(({ url, starting }, before) => {
      if ((url !== null && before.url === null) || (starting && !before.starting)) setShown('preview', true)
    })
  }

  /** What is open and in front is what the agent is told. */
  function showTabs() {
    const show = ({ tabs }: WorkbenchState) => session.view.setState({ openFiles: tabs.paths, active: tabs.active })
    show(state.getState())
    return state.subscribe((now, before) => {
      if (now.tabs !== before.tabs) show(now)
    })
  }

  function followFiles() {
    return session.workspace.subscribe((edit) => {
      const gone = edit.changes.filter(({ after }) => after === null).map(({ path }) => path)
      const { tabs, touched } = state.getState()
      if (gone.some((path) => tabs.paths.includes(path))) setTabs(gone.reduce(closeTab, tabs))
      if (edit.origin !== 'user') return
      const paths = edit.changes.map(({ path }) => path)
      if (paths.some((path) => !touched.has(path))) state.setState({ touched: new Set([...touched, ...paths]) })
      // Whoever types in a file wants to keep it open.
      if (tabs.preview !== null && tabs.preview === paths[0]) setTabs({ ...tabs, preview: null })
    })
  }

  return {
    state,
    editor,
    openFile(path, { keep = false, place } = {}) {
      if (!session.workspace.files.has(path)) return
      const { tabs } = state.getState()
      const handle = tabs.active === path ? editor.current : null
      const arrival = { path, place: place ?? null, from: document.activeElement }
      pending = handle === null && (keep || place) ? arrival : null
      state.setState({ tabs: openTab(tabs, path, { keep }), narrow: 'editor' })
      if (handle && place) handle.reveal(place)
      if (handle && (keep || place)) handle.focus()
    },
    takeArrival(path) {
      if (pending?.path !== path) return null
      const arrival = pending
      pending = null
      return arrival
    },
    closeFile: (path) => setTabs(closeTab(state.getState().tabs, path)),
    moveFile: (path, toIndex) => setTabs(moveTab(state.getState().tabs, path, toIndex)),
    renamed: (from, to) => setTabs(renameInTabs(state.getState().tabs, from, to)),
    nextFile(step) {
      const path = neighbour(state.getState().tabs, step)
      if (path !== null) setTabs(openTab(state.getState().tabs, path))
    },
    showPanel(panel) {
      setShown('panel', true)
      state.setState({ panel, narrow: 'panel' })
    },
    showSide(side) {
      setShown('side', true)
      state.setState({ side, narrow: 'files' })
    },
    create(naming) {
      setShown('side', true)
      state.setState({ side: 'files', narrow: 'files', naming })
    },
    showPreview() {
      setShown('preview', true)
      state.setState({ narrow: 'preview' })
    },
    showNarrow: (narrow) => state.setState({ narrow }),
    setShown,
    toggle: (pane) => setShown(pane, !state.getState().shown[pane]),
    setOverlay: (overlay) => state.setState({ overlay }),
    compose(text) {
      setShown('agent', true)
      state.setState({ suggestion: text, narrow: 'agent' })
    },
    attach(attachment) {
      setShown('agent', true)
      const label = attachmentLabel(attachment)
      state.setState(({ attachments }) => ({
        attachments: [
          ...attachments.filter((each) => each.kind !== attachment.kind || attachmentLabel(each) !== label),
          attachment,
        ],
      }))
    },
    detach: (attachment) =>
      state.setState(({ attachments }) => ({ attachments: attachments.filter((each) => each !== attachment) })),
    connect() {
      const undo = [remember(), showTabs(), followFiles(), followPreview()]
      return () => {
        for (const stop of undo) stop()
      }
    },
  }
}
