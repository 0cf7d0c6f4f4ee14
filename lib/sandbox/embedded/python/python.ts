import type { PyodideAPI } from 'pyodide'
import { messageOf } from '@/lib/base'
import { projectRoot } from '../process/host'
import type { MachineHost } from '../process/machine-host'
import { interpreter } from './interpreter'
import driver from './library/driver.py'
import pip from './library/pip.py'
import testRunner from './library/pytest'
import { mountFiles } from './mount'

/** Where our own modules lie, behind everything that a project brings. */
const library = '/usr/lib/vitrine'

/** `python`, `pytest` and `pip`: CPython in WebAssembly, on the machine's files. */
export async function python(host: MachineHost): Promise<number> {
  let pyodide: PyodideAPI
  try {
    pyodide = await interpreter()
  } catch (error) {
    host.stderr(`Python could not be started: ${messageOf(error)}\n`)
    return 126
  }
  const input = connectStreams(pyodide, host)
  const mounted = mountFiles(pyodide, host.fs, [projectRoot, '/tmp'])
  installLibrary(pyodide)
  const settings = {
    argv: [...host.argv],
    cwd: host.cwd,
    env: host.env,
    library,
    isTerminal: host.terminal !== null && host.stdin.complete === null,
    hasInput: input,
  }
  try {
    pyodide.globals.set('vitrine_settings', JSON.stringify(settings))
    return Number(pyodide.runPython(driver, { filename: '<vitrine>' }))
  } finally {
    mounted.flush()
  }
}

function installLibrary(pyodide: PyodideAPI): void {
  const { FS } = pyodide
  FS.mkdirTree(`${library}/pytest`)
  for (const [name, text] of Object.entries(testRunner)) FS.writeFile(`${library}/pytest/${name}`, text)
  FS.writeFile(`${library}/vitrine_pip.py`, pip)
}

/** How input comes: `shared` blocks as a terminal does, `given` is complete, `none` cannot be waited for. */
function connectStreams(pyodide: PyodideAPI, host: MachineHost): 'shared' | 'given' | 'none' {
  const isTty = host.terminal !== null
  pyodide.setStdout({ write: (data) => send(host.stdout, data), isatty: isTty })
  pyodide.setStderr({ write: (data) => send(host.stderr, data), isatty: isTty })
  const shared = host.shareInput?.() ?? null
  if (shared) {
    pyodide.setInterruptBuffer(shared.interruptBuffer as unknown as Uint8Array)
    const read = () => {
      const data = shared.read()
      if (data !== 'interrupted') return data
      pyodide.checkInterrupt()
      return null
    }
    pyodide.setStdin({ stdin: read, isatty: isTty && host.stdin.complete === null })
    return 'shared'
  }
  let given = host.stdin.complete
  const next = () => {
    const data = given
    given = null
    return data
  }
  pyodide.setStdin({ stdin: next, isatty: false })
  return host.stdin.complete ? 'given' : 'none'
}

/** The buffer is the interpreter's own and is used again. */
function send(write: (data: Uint8Array) => void, data: Uint8Array): number {
  write(data.slice())
  return data.byteLength
}
