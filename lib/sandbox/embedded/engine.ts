/** Only Firefox has an `InternalError`. In a Worker to be asked before a program's globals take the place of the browser's. */
export const isFirefox = (): boolean => 'InternalError' in globalThis
