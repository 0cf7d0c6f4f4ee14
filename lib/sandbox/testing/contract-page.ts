// Runs in the browser: the contract's cases on the embedded sandbox, one by one as the test asks.
import { createEmbeddedSandbox } from '../embedded'
import { openSandbox } from '../open'
import { sandboxContract } from '../sandbox.contract'

declare global {
  interface Window {
    runContractCase(claim: string): Promise<void>
    createEmbeddedSandbox: typeof createEmbeddedSandbox
    openSandbox: typeof openSandbox
  }
}

window.createEmbeddedSandbox = createEmbeddedSandbox
window.openSandbox = openSandbox
window.runContractCase = async (claim) => {
  const [, run] = sandboxContract.find(([name]) => name === claim) ?? []
  if (!run) throw new Error(`There is no case “${claim}”.`)
  await run((files) => createEmbeddedSandbox(files ? { files } : {}))
}
