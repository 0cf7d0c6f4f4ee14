interface Transaction {
  readonly done: Promise<void>
  abort(): void
}

/**
 * Issues writes without waiting between them and settles with the transaction: all or nothing, and no promise left
 * alone. `issue` hands each request to `add`; the first added promise to fail of its own accord says why, then the
 * transaction's own error, for the requests that went down with it only say that they were aborted.
 */
export async function writeAll(
  tx: Transaction,
  issue: (add: (request: Promise<unknown>) => void) => void,
): Promise<void> {
  const requests: Promise<unknown>[] = []
  let cause: unknown
  try {
    issue((request) => requests.push(request))
  } catch (error) {
    cause = error
    abort(tx)
  }
  const [done, ...others] = await Promise.allSettled([tx.done, ...requests])
  if (cause !== undefined) throw cause
  const own = others.find((outcome) => outcome.status === 'rejected' && !isAbort(outcome.reason))
  for (const outcome of [own, done]) if (outcome?.status === 'rejected') throw outcome.reason
}

/** Aborting what has failed already throws; then there is nothing left to do. */
function abort(tx: Transaction): void {
  try {
    tx.abort()
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}
