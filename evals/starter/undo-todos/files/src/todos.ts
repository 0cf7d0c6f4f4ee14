export interface Todo {
  id: number
  text: string
  done: boolean
}

export interface State {
  items: Todo[]
  filter: 'all' | 'open' | 'done'
}

export type Action =
  | { type: 'add'; id: number; text: string }
  | { type: 'toggle'; id: number }
  | { type: 'remove'; id: number }
  | { type: 'clearDone' }
  | { type: 'setFilter'; filter: State['filter'] }

export const initialState: State = { items: [], filter: 'all' }

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'add':
      return { ...state, items: [...state.items, { id: action.id, text: action.text, done: false }] }
    case 'toggle':
      return {
        ...state,
        items: state.items.map((item) => (item.id === action.id ? { ...item, done: !item.done } : item)),
      }
    case 'remove':
      return { ...state, items: state.items.filter(({ id }) => id !== action.id) }
    case 'clearDone':
      return { ...state, items: state.items.filter(({ done }) => !done) }
    case 'setFilter':
      return { ...state, filter: action.filter }
  }
}

export function visible({ items, filter }: State): Todo[] {
  return items.filter(({ done }) => filter === 'all' || done === (filter === 'done'))
}
