export interface Todo {
  id: number
  text: string
  done: boolean
}

export interface State {
  items: Todo[]
  filter: 'all' | 'open' | 'done'
  past: Todo[][]
  future: Todo[][]
}

type Change =
  | { type: 'add'; id: number; text: string }
  | { type: 'toggle'; id: number }
  | { type: 'remove'; id: number }
  | { type: 'clearDone' }

export type Action = Change | { type: 'setFilter'; filter: State['filter'] } | { type: 'undo' } | { type: 'redo' }

const maxSteps = 50

export const initialState: State = { items: [], filter: 'all', past: [], future: [] }

export function reduce(state: State, action: Action): State {
  const { items, past, future } = state
  switch (action.type) {
    case 'setFilter':
      return { ...state, filter: action.filter }
    case 'undo': {
      const before = past.at(-1)
      return before ? { ...state, items: before, past: past.slice(0, -1), future: [items, ...future] } : state
    }
    case 'redo': {
      const [after, ...rest] = future
      return after ? { ...state, items: after, past: [...past, items], future: rest } : state
    }
    default: {
      const changed = change(items, action)
      return changed === items
        ? state
        : { ...state, items: changed, past: [...past, items].slice(-maxSteps), future: [] }
    }
  }
}

function change(items: Todo[], action: Change): Todo[] {
  switch (action.type) {
    case 'add':
      return [...items, { id: action.id, text: action.text, done: false }]
    case 'toggle':
      return items.some(({ id }) => id === action.id)
        ? items.map((item) => (item.id === action.id ? { ...item, done: !item.done } : item))
        : items
    case 'remove':
      return items.some(({ id }) => id === action.id) ? items.filter(({ id }) => id !== action.id) : items
    case 'clearDone':
      return items.some(({ done }) => done) ? items.filter(({ done }) => !done) : items
  }
}

export const canUndo = ({ past }: State): boolean => past.length > 0
export const canRedo = ({ future }: State): boolean => future.length > 0

export function visible({ items, filter }: State): Todo[] {
  return items.filter(({ done }) => filter === 'all' || done === (filter === 'done'))
}
