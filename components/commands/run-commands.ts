import { type Command, canChange } from './command'

export const runCommands = [
  {
    id: 'run.tests',
    title: 'Run all tests',
    group: 'Run',
    keys: 'Mod+Shift+T',
    available: canChange,
    run: ({ session, workbench, toast }) => {
      workbench.showPanel('tests')
      return session.runtime
        .test()
        .catch((error: unknown) => toast({ text: `The tests could not run. ${String(error)}`, tone: 'bad' }))
    },
  },
  {
    id: 'run.coverage',
    title: 'Run all tests with coverage',
    group: 'Run',
    available: canChange,
    run: ({ session, workbench, toast }) => {
      session.tests.setState({ coverage: true })
      workbench.showPanel('tests')
      return session.runtime
        .test()
        .catch((error: unknown) => toast({ text: `The tests could not run. ${String(error)}`, tone: 'bad' }))
    },
  },
  {
    id: 'run.restart',
    title: 'Restart the sandbox',
    group: 'Run',
    available: canChange,
    run: ({ session, toast }) =>
      session.runtime
        .restart()
        .catch((error: unknown) => toast({ text: `The sandbox did not start. ${String(error)}`, tone: 'bad' })),
  },
] as const satisfies readonly Command[]
