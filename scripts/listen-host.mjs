// Where `npm start` and `npm run dev` listen. Needs nothing but Node.
import { existsSync } from 'node:fs'
import { isIP } from 'node:net'

/**
 * `--hostname <address>` or VITRINE_HOST; else this machine alone, since whoever reaches the port may spend the
 * operator's key. In a container that would be nobody: there its published ports decide.
 * Throws a sentence for what is no address.
 */
export function listenHost(args, env, inContainer = existsSync('/.dockerenv') || existsSync('/run/.containerenv')) {
  const [option, value = option?.split('=')[1], ...rest] = args
  const isHostname = option === undefined || /^--hostname(?:=|$)/.test(option)
  if (!isHostname || rest.length > 0) {
    throw new Error(`The one option is --hostname <address>, as in: npm start -- --hostname 0.0.0.0`)
  }
  const given = option === undefined ? env.VITRINE_HOST : value
  if (option === undefined && !given) return inContainer ? '0.0.0.0' : '127.0.0.1'
  if (given === 'localhost' || isIP(given ?? '') !== 0) return given
  throw new Error(`“${given ?? ''}” is no address to listen on; 0.0.0.0 stands for all of this machine.`)
}

/** Where this machine itself reaches a server that listens there. */
export function reachedAt(host, port) {
  const isAny = host === '0.0.0.0' || host === '::'
  const isLoopback = isAny || host === 'localhost' || host === '127.0.0.1' || host === '::1'
  const name = isIP(host) === 6 ? `[${host}]` : host
  return {
    /** For people. */
    shown: `http://${isLoopback ? 'localhost' : name}:${port}`,
    asked: `http://${host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : name}:${port}`,
  }
}
