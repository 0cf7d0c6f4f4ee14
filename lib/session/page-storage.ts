/** The browser's storage of this origin, or of this tab. */
export type PageStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Null where the browser refuses: whoever asks still has memory. */
export function tryStorage<Result>(use: () => Result): Result | null {
  try {
    return use()
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}
