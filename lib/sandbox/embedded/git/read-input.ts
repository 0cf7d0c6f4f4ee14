import type { ProcessHost } from '../process/host'

/** All that comes on standard input, as text. */
export function readInput({ stdin }: Pick<ProcessHost, 'stdin'>): Promise<string> {
  return new Promise((resolve) => {
    const decoder = new TextDecoder()
    let text = ''
    stdin.onData((data) => {
      text += decoder.decode(data, { stream: true })
    })
    stdin.onEnd(() => resolve(text))
  })
}
