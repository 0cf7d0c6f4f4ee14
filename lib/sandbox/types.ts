import type { ExecutableChange, FileChange, FileData, FileMap, LinkChange } from '@/lib/workspace'

/** What one test did. Paths are project-relative. */
export interface TestReport {
  passed: number
  failed: number
  skipped: number
  durationMs: number
  suites: TestSuite[]
  /** Present when it was asked for. */
  coverage?: CoverageReport
  /** Tests that passed but took much longer than in earlier runs; the sandbox itself remembers none. */
  slower?: SlowerTest[]
}

export interface SlowerTest {
  file: string
  name: string
  durationMs: number
  /** The median of its earlier runs. */
  usualMs: number
}

/** Which lines of the project the tests ran. */
export interface CoverageReport {
  /** Of all lines, 0 to 100. */
  pct: number
  files: FileCoverage[]
}

export interface FileCoverage {
  file: string
  pct: number
  /** 1-based lines that ran, and that never ran; lines without code are in neither. */
  covered: number[]
  uncovered: number[]
  /** Lines that ran, with a branch that was never taken. */
  partial: number[]
}

export interface TestSuite {
  file: string
  /** Set when the file itself could not be loaded or collected. */
  error?: string
  tests: TestCase[]
}

export interface TestCase {
  /** Describe titles and the test's own, joined with ` > `. */
  name: string
  status: 'passed' | 'failed' | 'skipped' | 'todo'
  durationMs: number
  /** Message, then the diff when there is one, then the first stack line in the user's file. */
  error?: string
  /** 1-based place of the failure in the user's file. */
  location?: { file: string; line: number; column: number }
}

export interface Diagnostic {
  path: string
  /** 1-based. */
  line: number
  column: number
  endLine: number
  endColumn: number
  severity: 'error' | 'warning' | 'info'
  message: string
  /** Who says so and its number, e.g. `ts(2322)`. */
  code: string
}

/** What a file of the project offers to the others, and what it uses of them, as its compiler knows it. */
export interface SymbolFile {
  path: string
  symbols: {
    name: string
    kind: 'function' | 'class' | 'type' | 'value'
    /** 1-based. */
    line: number
    /** On one line, beginning with the name. */
    signature: string
    /** Other files that use it. */
    usedIn: number
  }[]
  /** The files whose symbols it uses, by how often it names them. */
  uses: [path: string, count: number][]
}

export interface SpawnOptions {
  /** Project-relative; the root by default. */
  cwd?: string
  env?: Record<string, string>
  /** Written to stdin, which is then closed. Without it stdin stays open for `write`. */
  stdin?: string
  /** The process is killed after this long; exit code 124, `timedOut` true. */
  timeoutMs?: number
  signal?: AbortSignal
  /** Size of the terminal that shows it; without it the process sees no TTY. */
  terminal?: { columns: number; rows: number }
}

export interface ExitStatus {
  /** As a shell reports it: 128 + signal number when killed, 124 on time-out. */
  exitCode: number
  timedOut: boolean
}

export interface SandboxProcess {
  pid: number
  command: string
  /** Chunks in the order written. stderr is undefined where an implementation merges both into stdout. */
  onOutput(listener: (chunk: { stream: 'stdout' | 'stderr'; data: Uint8Array }) => void): () => void
  write(data: string | Uint8Array): void
  closeStdin(): void
  resize(size: { columns: number; rows: number }): void
  kill(signal?: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void
  /** Resolves once, never rejects; all output has been delivered by then. */
  exit: Promise<ExitStatus>
}

/** A running process, whoever started it. */
export interface ProcessInfo {
  pid: number
  /** Of the process that started it; 1 for those that the IDE started. */
  parentPid: number
  command: string
  /** Milliseconds since the epoch. */
  startedAt: number
  /** Where it listens. */
  ports: number[]
}

/** A process listens on `port`, or no longer does. */
export interface PortEvent {
  port: number
  pid: number
  open: boolean
}

/** A raw byte stream to a port, as TCP gives it. Closing `writable` ends our direction; cancelling or aborting ends both. */
export interface PortConnection {
  readable: ReadableStream<Uint8Array>
  writable: WritableStream<Uint8Array>
}

export interface TestOptions {
  /** Project-relative test files; all when absent. */
  files?: string[]
  /** Only tests whose full name contains this. */
  filter?: string
  /** Measures line coverage, where the sandbox can. */
  coverage?: boolean
  timeoutMs?: number
  signal?: AbortSignal
}

/**
 * A machine in the tab that runs the project's code: its own copy of the files, processes, no network.
 * Every implementation passes `sandbox.contract.ts`. Methods reject only when the sandbox itself is gone.
 */
export interface Sandbox {
  kind: 'embedded' | 'webcontainer'
  /** From the request to the first answer. */
  bootMs: number
  /** Replaces all files (node_modules too). What is executable is told by `setExecutable`; until then, scripts are. */
  mount(files: FileMap): Promise<void>
  /** Brings edits of the IDE in. Not echoed to `onFiles`. */
  apply(changes: readonly Pick<FileChange, 'path' | 'after'>[]): Promise<void>
  /** Brings symbolic links of the IDE in, where no file of a program is in their place. Absent where there are none. */
  link?(changes: readonly LinkChange[]): Promise<void>
  /** `chmod +x` and `chmod -x` of the IDE, where there are such files. Absent where files have no modes. */
  setExecutable?(changes: readonly ExecutableChange[]): Promise<void>
  /** The project's files as the sandbox has them now, without node_modules. */
  snapshot(): Promise<FileMap>
  /** What processes wrote, batched per tick, without node_modules. */
  onFiles(listener: (changes: { path: string; after: FileData | null }[]) => void): () => void
  /** Symbolic links that came, went or lead elsewhere, also those that an edit of the IDE replaced. Absent where it cannot be told. */
  onLinks?(listener: (changes: readonly LinkChange[]) => void): () => void
  /** Files that processes made executable, or no longer are; told after `onFiles` tells of the files. Absent where it cannot be told. */
  onExecutables?(listener: (changes: readonly ExecutableChange[]) => void): () => void
  /** A shell command line, as typed in a terminal. */
  spawn(command: string, options?: SpawnOptions): Promise<SandboxProcess>
  test(options?: TestOptions): Promise<TestReport>
  /** Type errors of the given files (all TypeScript files when absent) in the context of the whole project. */
  check(paths?: string[], signal?: AbortSignal): Promise<Diagnostic[]>
  /** The project's symbols and who uses them. Absent where nothing knows; rejects when it would take too long. */
  symbols?(signal?: AbortSignal): Promise<SymbolFile[]>
  processes(): Promise<ProcessInfo[]>
  /** Tells that a process has started or ended. */
  onProcesses(listener: () => void): () => void
  /** To a process and those below it, as Ctrl+C in a terminal goes; nothing happens when it has ended already. */
  kill(pid: number, signal?: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void
  /** Declaration files and package.json of installed packages, by project path. Absent where it cannot be told. */
  declarations?(): Promise<[path: string, text: string][]>
  /** Tells that packages were installed or removed. */
  onInstall?(listener: () => void): () => void
  /** Tells of the ports that are open now, then of each that opens or closes. */
  onPort(listener: (event: PortEvent) => void): () => void
  /** Rejects when nobody listens on the port. */
  connect(port: number): Promise<PortConnection>
  /** A second sandbox with the same files; neither sees the other's changes afterwards. */
  fork(): Promise<Sandbox>
  dispose(): Promise<void>
}

export interface RunResult {
  exitCode: number
  stdout: string
  stderr: string
  durationMs: number
  timedOut: boolean
}
