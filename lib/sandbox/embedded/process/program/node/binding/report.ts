import type { Binding, BindingContext } from './context'

type Report = Record<string, unknown>
interface Os {
  release(): string
  version(): string
  machine(): string
  hostname(): string
  type(): string
  cpus(): { model: string; speed: number; times: object }[]
  networkInterfaces(): Record<string, { internal: boolean; mac: string; address: string }[]>
}
interface V8 {
  getHeapStatistics(): Record<string, number>
}

/** Packages look in a report for the C library, to choose among native builds: none of them runs here in any case. */
const cLibrary = { glibcVersionRuntime: '2.36', glibcVersionCompiler: '2.28' }

/** `process.report`: what can be known of the machine and the program, in the shape of Node's diagnostic reports. */
export function createReportBinding(context: BindingContext): Binding {
  const settings: Record<string, unknown> = {
    Compact: false,
    ExcludeNetwork: false,
    ExcludeEnv: false,
    Directory: '',
    Filename: '',
    Signal: 'SIGUSR2',
  }
  let written = 0

  function describe(about: { event: string; trigger: string; filename: string | null }, error: unknown): string {
    const report = {
      header: { reportVersion: 5, ...about, ...headerOf(context, settings.ExcludeNetwork === true) },
      javascriptStack: stackOf(error),
      javascriptHeap: heapOf(context),
      nativeStack: [],
      resourceUsage: {},
      uvthreadResourceUsage: {},
      libuv: [],
      workers: [],
      ...(settings.ExcludeEnv === true ? {} : { environmentVariables: { ...(context.process.env as object) } }),
      userLimits: {},
      sharedObjects: [],
    }
    return JSON.stringify(report, null, settings.Compact === true ? undefined : 2)
  }

  function nameOfReport(): string {
    const [date = '', time = ''] = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').split('T')
    return `report.${date}.${time}.${context.host.pid}.0.${String(++written).padStart(3, '0')}.json`
  }

  const binding: Binding = {
    getReport: (error: unknown) => describe({ event: 'JavaScript API', trigger: 'GetReport', filename: null }, error),
    writeReport(event: string, trigger: string, asked: string | null | undefined, error: unknown) {
      const filename = asked || String(settings.Filename) || nameOfReport()
      const { join } = context.require<{ join(...parts: string[]): string }>('path')
      const { writeFileSync } = context.require<{ writeFileSync(path: string, text: string): void }>('fs')
      context.host.stderr(`\nWriting Node.js report to file: ${filename}`)
      const text = describe({ event, trigger, filename }, error)
      writeFileSync(join(String(settings.Directory), filename), `${text}\n`)
      context.host.stderr('\nNode.js report completed\n')
      return filename
    },
  }
  for (const name of Object.keys(settings)) {
    binding[`get${name}`] = () => settings[name]
    binding[`set${name}`] = (value: unknown) => {
      settings[name] = value
    }
  }
  for (const name of ['FatalError', 'Signal', 'UncaughtException']) {
    const key = `On${name}`
    settings[key] = false
    binding[`shouldReport${key}`] = () => settings[key]
    binding[`setReport${key}`] = (value: unknown) => {
      settings[key] = value
    }
  }
  return binding
}

function headerOf(context: BindingContext, hidesNetwork: boolean): Report {
  const os = context.require<Os>('os')
  const { process } = context
  const now = new Date()
  const interfaces = Object.entries(os.networkInterfaces()).flatMap(([name, list]) =>
    list.map((each) => ({ name, ...each })),
  )
  return {
    dumpEventTime: now.toISOString().replace(/\.\d+/, ''),
    dumpEventTimeStamp: String(now.getTime()),
    processId: context.host.pid,
    threadId: 0,
    cwd: (process.cwd as () => string)(),
    commandLine: [...(process.execArgv as string[]), ...(process.argv as string[])],
    nodejsVersion: process.version,
    ...cLibrary,
    wordSize: 64,
    arch: process.arch,
    platform: process.platform,
    componentVersions: process.versions,
    release: process.release,
    osName: os.type(),
    osRelease: os.release(),
    osVersion: os.version(),
    osMachine: os.machine(),
    cpus: os.cpus().map(({ model, speed, times }) => ({ model, speed, ...times })),
    ...(hidesNetwork ? {} : { networkInterfaces: interfaces }),
    host: os.hostname(),
  }
}

function stackOf(error: unknown): Report {
  const [, ...stack] = (error instanceof Error ? (error.stack ?? '') : '').split('\n')
  return { message: String(error), stack: stack.map((line) => line.trim()), errorProperties: { ...(error as object) } }
}

function heapOf(context: BindingContext): Report {
  const heap = context.require<V8>('v8').getHeapStatistics()
  return {
    totalMemory: heap.total_heap_size,
    availableMemory: heap.total_available_size,
    usedMemory: heap.used_heap_size,
    memoryLimit: heap.heap_size_limit,
    externalMemory: heap.external_memory,
    nativeContextCount: heap.number_of_native_contexts,
  }
}
