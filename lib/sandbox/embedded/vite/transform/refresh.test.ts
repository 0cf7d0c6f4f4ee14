import { expect, it } from 'vitest'
import { addRefresh } from './refresh'

const suffixOf = (code: string) => addRefresh(code, '/src/x.tsx', 'react').split('\n').at(-1) ?? ''

it('leaves a module without components as it is', () => {
  const code = 'export const answer = 42\nexport function useAnswer() { return useState(answer) }'
  expect(addRefresh(code, '/src/x.ts', 'react')).toBe(code)
})

it('keeps every line where it was', () => {
  const code = 'import { useState } from "r"\n\nexport default function App() {\n  return null\n}'
  expect(addRefresh(code, '/src/x.tsx', 'react').split('\n').slice(1, 5)).toEqual(code.split('\n').slice(1))
})

it('registers functions, arrows and wrapped components, and no data', () => {
  const code = `function Plain() {}
const Arrow = () => null
export const Wrapped = memo(() => null)
const Config = { a: 1 }
const LIMIT = 3
function helper() {}`
  const registered = [...suffixOf(code).matchAll(/register\((\w+)/g)].map((match) => match[1])
  expect(registered).toEqual(['Plain', 'Arrow', 'Wrapped'])
})

it('signs a component with its hooks, and with the first state of those that keep one', () => {
  const suffix = suffixOf(`function App() {
  const [count, setCount] = useState(0)
  useEffect(() => {}, [count])
  const user = useUser()
  return React.useMemo(() => count)
}`)
  expect(suffix).toContain(
    '__refresh.sign(App, "useState{[count, setCount](0)}\\nuseEffect\\nuseUser\\nuseMemo", () => [useUser])',
  )
})

it('signs the project’s own hooks too, so that a change of theirs resets who uses them', () => {
  expect(suffixOf('function useCount() { return useState(1) }\nfunction App() { return useCount() }')).toContain(
    '__refresh.sign(useCount, "useState{(1)}", () => [])',
  )
})
