// Runs in the browser: the contract's cases on each implementation, one by one as the test asks.
import { createEmbeddedSandbox } from '../embedded'
import { openSandbox } from '../open'
import { runCommand } from '../run'
import { type CreateSandbox, sandboxContract } from '../sandbox.contract'
import { bootWebContainer, createWebContainerSandbox } from '../webcontainer'
import { createWebContainerStandIn } from './webcontainer-stand-in'

declare global {
  interface Window {
    runContractCase(claim: string, kind?: keyof typeof implementations): Promise<void>
    createEmbeddedSandbox: typeof createEmbeddedSandbox
    openSandbox: typeof openSandbox
    runCommand: typeof runCommand
  }
}

const createEmbedded: CreateSandbox = (files) => createEmbeddedSandbox(files ? { files } : {})
const implementations = {
  embedded: createEmbedded,
  /** The adapter on WebContainer's interface, with our own machine behind it. */
  'stand-in': async (files = new Map()) =>
    createWebContainerSandbox(createWebContainerStandIn(await createEmbedded()), {
      files,
      bootMs: 0,
      openFork: createEmbedded,
    }),
  /** The vendor's runtime; needs the network. */
  webcontainer: async (files = new Map()) => {
    const boot = await bootWebContainer()
    if (!boot.ok) throw new Error(boot.message)
    return createWebContainerSandbox(boot.container, { files, bootMs: 0, openFork: createEmbedded })
  },
} satisfies Record<string, CreateSandbox>

window.createEmbeddedSandbox = createEmbeddedSandbox
window.openSandbox = openSandbox
window.runCommand = runCommand
window.runContractCase = async (claim, kind = 'embedded') => {
  const [, run] = sandboxContract.find(([name]) => name === claim) ?? []
  if (!run) throw new Error(`There is no case “${claim}”.`)
  await run(implementations[kind])
}
