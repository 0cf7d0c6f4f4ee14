import { expect, it } from 'vitest'
import { createHotModules, type Exports } from './hot-modules'

/** A page that loads whatever it is asked for; `tick` waits for what is under way. */
function openPage() {
  const said: string[] = []
  const loads: string[] = []
  const missed: string[] = []
  const modules = createHotModules({
    import: async (address): Promise<Exports> => {
      loads.push(address)
      return { address }
    },
    onMissed: (updates) => missed.push(...updates.map(({ accepted, timestamp }) => `${accepted} ${timestamp}`)),
  })
  const update = async (path: string, timestamp: number, accepted = path) =>
    (await modules.load({ kind: 'module', path, accepted, timestamp }))()
  /** A module that takes its own updates. */
  const run = (owner: string, changedAt: number) => {
    const hot = modules.enter(owner, { changedAt, address: `${owner}?t=${changedAt}` })
    hot.accept((next) => void said.push(`${owner} becomes ${String(next?.address)}`))
    hot.dispose(() => void said.push(`${owner} of ${changedAt} ends`))
    hot.prune(() => void said.push(`${owner} of ${changedAt} is undone`))
    return hot
  }
  const tick = () => new Promise((resolve) => setTimeout(resolve, 0))
  return { modules, run, update, said, loads, missed, tick }
}

it('hands a change to the module that takes it', async () => {
  const { run, update, said } = openPage()
  run('/a.ts', 0)
  await update('/a.ts', 5)
  expect(said).toEqual(['/a.ts of 0 ends', '/a.ts becomes /a.ts?t=5'])
})

it('keeps what comes for a module that has not run yet, unless the module is made with it', async () => {
  const { run, update, missed } = openPage()
  await update('/early.ts', 5)
  await update('/early.ts', 6)
  await update('/fresh.ts', 5)
  run('/early.ts', 0)
  run('/fresh.ts', 5)
  expect(missed).toEqual(['/early.ts 6'])
  run('/early.ts', 6)
  expect(missed).toEqual(['/early.ts 6'])
})

it('does not load a change again that is in the module already', async () => {
  const { run, update, said, loads } = openPage()
  run('/a.ts', 7)
  await update('/a.ts', 5)
  await update('/a.ts', 7)
  expect([said, loads.filter((address) => address !== '/a.ts?t=7')]).toEqual([[], []])
})

it('waits for a module that runs and has not said yet what it takes', async () => {
  const { modules, update, said } = openPage()
  const hot = modules.enter('/slow.ts', { changedAt: 0, address: '/slow.ts' })
  const updated = update('/slow.ts', 5)
  hot.accept(() => void said.push('taken'))
  await updated
  expect(said).toEqual(['taken'])
})

it('gives a module the changes of what it takes, by their own name', async () => {
  const { modules, update, said } = openPage()
  const hot = modules.enter('/user.ts', { changedAt: 0, address: '/user.ts' })
  hot.accept(['/x.ts', '/y.ts'], (all) => void said.push(all.map((one) => String(one?.address)).join()))
  await update('/user.ts', 5, '/y.ts')
  expect(said).toEqual(['undefined,/y.ts?t=5'])
})

it('undoes a module that nobody imports any more, also one on its way, but not its later self', async () => {
  const { modules, run, said, tick } = openPage()
  run('/a.css', 0)
  modules.prune('/a.css', 5)
  expect(said).toEqual(['/a.css of 0 is undone'])
  run('/a.css', 3)
  await tick()
  expect(said).toEqual(['/a.css of 0 is undone', '/a.css of 3 is undone'])
  run('/a.css', 6)
  await tick()
  modules.prune('/a.css', 6)
  expect(said).toHaveLength(2)
})
