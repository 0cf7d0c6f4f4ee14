import { decodeUtf8, encodeUtf8, fromLatin1, joinBytes, toLatin1 } from '@/lib/base'
import type { MachineHost } from '../process/machine-host'
import type { Wire } from '../wire'
import type { CommandContext, Execute, Result } from './command'
import { createLineFilter, type LineFilter } from './line-filters'
import { findProgram, programName } from './path-commands'
import { inputMark, mergeMark, stageMark } from './pipeline-marks'
import { quote } from './quote'

interface Stage {
  words: string[]
  isMerged: boolean
}

/**
 * Runs a pipeline with programs in it as streams: all stages work at the same time, each line goes on as it comes, and
 * when a later stage has enough (`head`), the earlier ones end. Stages that are no programs of ours and need all of
 * their input first (`sort`, `wc`) get it when it is complete.
 */
export function createPipeline(host: MachineHost, isProgram: (name: string) => boolean, isLive: boolean): Execute {
  return async (args, context) => {
    const isFed = args[0] === inputMark
    const stages = splitStages(isFed ? args.slice(1) : args)
    return startStages({ host, isProgram, context, stages, isLive, isFed })
  }
}

function splitStages(args: readonly string[]): Stage[] {
  const stages: Stage[] = [{ words: [], isMerged: false }]
  for (const word of args) {
    const last = stages.at(-1) as Stage
    if (word === stageMark) stages.push({ words: [], isMerged: false })
    else if (word === mergeMark) last.isMerged = true
    else last.words.push(word)
  }
  return stages
}

interface PipelineRun {
  host: MachineHost
  isProgram(name: string): boolean
  context: CommandContext
  stages: Stage[]
  isLive: boolean
  /** The first stage reads what comes to the shell. */
  isFed: boolean
}

/** Where a stage writes, and how it is told that nobody reads any more. */
interface Sink {
  write(data: Uint8Array): void | Promise<void>
  end(): void
}

async function startStages({ host, isProgram, context, stages, isLive, isFed }: PipelineRun): Promise<Result> {
  const collected = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] }
  const emit = (stream: 'stdout' | 'stderr', data: Uint8Array) => {
    if (isLive) host[stream](data)
    else collected[stream].push(data)
  }
  const exits: Promise<number>[] = []
  let sink: Sink = { write: (data) => emit('stdout', data), end: () => undefined }
  const stops: (() => void)[] = []
  let isOver = false

  // From the last stage to the first: each needs to know where its output goes.
  for (let index = stages.length - 1; index >= 0; index--) {
    const stage = stages[index] as Stage
    const isFirst = index === 0
    const upstream = () => stops[stages.length - index]?.()
    const options = { stage, sink, emit, isFirst, stopUpstream: upstream }
    const [name = ''] = stage.words
    const started =
      name === programName
        ? startFile(host, context, options)
        : isProgram(name)
          ? startProgram(host, context, options)
          : startFilter(
              context,
              index === 0 && !isFed ? { ...options, stage: { words: ['cat'], isMerged: false } } : options,
            )
    exits.unshift(started.exit)
    stops.push(started.stop)
    sink = started.sink
  }
  const [name, ...words] = stages[0]?.words ?? []
  if (name === 'yes') void pour(`${words.join(' ') || 'y'}\n`, sink, () => isOver)
  context.signal?.addEventListener('abort', () => {
    for (const stop of stops) stop()
  })
  const first = sink
  const stopInput = isFed ? host.stdin.pipe((data) => void (data ? first.write(data) : first.end())) : null
  const codes = await Promise.all(exits)
  stopInput?.()
  isOver = true
  const isStrict = context.env.get('SHELLOPTS')?.split(':').includes('pipefail')
  const stdout = joinBytes(collected.stdout)
  const text = decodeUtf8(stdout)
  return {
    stdout: text ?? toLatin1(stdout),
    stdoutKind: text === null ? 'bytes' : 'text',
    stderr: new TextDecoder().decode(joinBytes(collected.stderr)),
    exitCode: (isStrict && codes.findLast((code) => code !== 0)) || (codes.at(-1) ?? 0),
  }
}

/** The same line again and again, until nobody reads it any more. */
async function pour(line: string, sink: Sink, isOver: () => boolean): Promise<void> {
  const block = encodeUtf8(line.repeat(Math.ceil(4096 / line.length)))
  while (!isOver()) {
    await sink.write(block)
    await new Promise((resolve) => setTimeout(resolve))
  }
}

interface StageOptions {
  stage: Stage
  sink: Sink
  emit(stream: 'stdout' | 'stderr', data: Uint8Array): void
  isFirst: boolean
  stopUpstream(): void
}

interface Started {
  sink: Sink
  exit: Promise<number>
  /** Its output is not wanted any more. */
  stop(): void
}

function startProgram(host: MachineHost, context: CommandContext, options: StageOptions): Started {
  const { stage, sink, emit, isFirst, stopUpstream } = options
  const kernel = host.kernel
  if (!kernel) throw new Error('Pipelines need the kernel.')
  const child = kernel.spawn({
    argv: stage.words,
    cwd: context.cwd,
    env: { ...(context.exportedEnv ?? host.env) },
    detached: false,
    stdio: [
      isFirst ? { kind: 'inherit', fd: 0 } : { kind: 'pipe' },
      { kind: 'pipe' },
      { kind: 'pipe', terminal: true },
    ],
  })
  const [input, stdout, stderr] = child.wires
  const outputs = [
    follow(stdout ?? null, (data) => sink.write(data)),
    follow(stderr ?? null, (data) => (stage.isMerged ? sink.write(data) : emit('stderr', data))),
  ]
  const exited = new Promise<number>((resolve) => child.onExit((code) => resolve(code)))
  const exit = Promise.all([exited, ...outputs]).then(([code]) => {
    sink.end()
    stopUpstream()
    return code
  })
  return {
    exit,
    stop: () => void child.kill('SIGPIPE'),
    sink: {
      write: (data) => (input?.write(data) === false ? input.drained() : undefined),
      end: () => input?.end(),
    },
  }
}

/** What stands behind a path; a stage that cannot start says why and ends. */
function startFile(host: MachineHost, context: CommandContext, options: StageOptions): Started {
  const { stage, sink, emit, stopUpstream } = options
  const found = findProgram(host, stage.words.slice(1), context)
  if ('argv' in found) return startProgram(host, context, { ...options, stage: { ...stage, words: found.argv } })
  const problem = encodeUtf8(`sh: ${found.problem}\n`)
  const exit = Promise.resolve(stage.isMerged ? sink.write(problem) : emit('stderr', problem)).then(() => {
    sink.end()
    stopUpstream()
    return found.exitCode
  })
  return { exit, stop: () => undefined, sink: { write: () => undefined, end: () => undefined } }
}

/** Hands on what comes, no faster than it is taken; resolves at the end. */
function follow(wire: Wire | null, take: (data: Uint8Array) => void | Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    if (!wire) return resolve()
    wire.onClose(() => resolve())
    wire.onData((data) => {
      if (!data) return resolve()
      const taken = take(data)
      if (taken instanceof Promise) {
        wire.pause()
        void taken.then(() => wire.resume())
      }
    })
  })
}

function startFilter(context: CommandContext, options: StageOptions): Started {
  const { stage, sink, emit, stopUpstream } = options
  const filter = createLineFilter(stage.words, context) ?? createWholeFilter(stage.words, context)
  let finish: (code: number) => void = () => undefined
  const exit = new Promise<number>((resolve) => {
    finish = resolve
  })
  let isOver = false
  let queue: Promise<void> = Promise.resolve()
  const close = (code: number) => {
    if (isOver) return
    isOver = true
    sink.end()
    finish(code)
    stopUpstream()
  }
  const show = ({ stdout, stderr }: { stdout: Uint8Array; stderr: string }) => {
    if (stderr !== '') emit('stderr', encodeUtf8(stderr))
    return stdout.byteLength > 0 ? sink.write(stdout) : undefined
  }
  return {
    exit,
    stop: () => close(141),
    sink: {
      write(data) {
        queue = queue.then(async () => {
          if (isOver) return
          const step = await filter.push(data)
          await show(step)
          if (step.exitCode !== null) close(step.exitCode)
        })
        return queue
      },
      end() {
        queue = queue.then(async () => {
          if (isOver) return
          const step = await filter.end()
          await show(step)
          close(step.exitCode ?? 0)
        })
      },
    },
  }
}

/** A command that gets its input when it is complete. */
function createWholeFilter(words: readonly string[], context: CommandContext): LineFilter {
  const chunks: Uint8Array[] = []
  return {
    async push(data) {
      chunks.push(data)
      return { stdout: new Uint8Array(), stderr: '', exitCode: null }
    },
    async end() {
      const stdin = toLatin1(joinBytes(chunks))
      const result = await context.exec?.(words.map(quote).join(' '), { cwd: context.cwd, stdin, stdinKind: 'bytes' })
      const { stdout = '', stderr = '', exitCode = 127, stdoutKind = 'text' } = result ?? {}
      const bytes = stdoutKind === 'bytes' ? fromLatin1(stdout) : encodeUtf8(stdout)
      return { stdout: bytes, stderr, exitCode }
    },
  }
}
