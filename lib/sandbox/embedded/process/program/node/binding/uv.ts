import type { Binding, BindingContext } from './context'

export function createUvBinding({ constants, data }: BindingContext): Binding {
  const byErrno = new Map(data.errors.map(([errno, code, message]) => [errno, [code, message] as const]))
  return {
    ...constants('uv'),
    errname: (errno: number) => byErrno.get(errno)?.[0] ?? `Unknown system error ${errno}`,
    getErrorMap: () => new Map([...byErrno].map(([errno, [code, message]]) => [errno, [code, message]])),
    getErrorMessage: (errno: number) => byErrno.get(errno)?.[1] ?? `Unknown system error ${errno}`,
  }
}
