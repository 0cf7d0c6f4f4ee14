import type { ChildStdio, ProcessStart, StandardKind, StdinSource, StreamName } from '../protocol'
import { isBytes } from './machine-files'
import { createPipedOutput, noOutput, type Output } from './output'
import { joinWire, WireEnd, type WireOwner } from './wires'

const maxDescriptors = 64
const maxWires = 16_384

/** What a process reads and writes. */
export interface Stdio {
  stdin: StdinSource
  outputs: Record<StreamName, Output>
  standard: ProcessStart['standard']
  wires: ProcessStart['wires']
}

interface Parent extends WireOwner {
  stdio: Stdio
  hasTerminal: boolean
}

interface Child extends WireOwner {
  nextWire(): number
}

/** A new wire of `owner`, by the number it chose. */
export function openOwnWire(owner: WireOwner, wire: unknown): WireEnd {
  if (!Number.isInteger(wire) || Number(wire) <= 0 || owner.wires.has(Number(wire)))
    throw new RangeError('not a new wire')
  if (owner.wires.size >= maxWires) throw new RangeError('too many wires')
  return new WireEnd(owner, Number(wire))
}

/** The descriptors of a child as its parent wants them. */
export function openStdio(parent: Parent, child: Child, wanted: readonly ChildStdio[]): Stdio {
  if (!Array.isArray(wanted) || wanted.length > maxDescriptors) throw new TypeError('not descriptors')
  const [stdin = { kind: 'ignore' }, stdout = { kind: 'ignore' }, stderr = { kind: 'ignore' }, ...others] = wanted
  const wires = others.flatMap((entry, index) => {
    if (entry.kind !== 'wire') return []
    return [{ fd: index + 3, wire: openPair(parent, child, entry.wire) }]
  })
  return {
    stdin: openStdin(parent, child, stdin),
    outputs: { stdout: openOutput(parent, stdout), stderr: openOutput(parent, stderr) },
    standard: [kindOf(parent, stdin), kindOf(parent, stdout), kindOf(parent, stderr)],
    wires,
  }
}

function openPair(parent: Parent, child: Child, wire: number): number {
  const end = new WireEnd(child, child.nextWire())
  joinWire(openOwnWire(parent, wire), end)
  return end.id
}

function openStdin(parent: Parent, child: Child, entry: ChildStdio): StdinSource {
  if (entry.kind === 'wire') return { wire: openPair(parent, child, entry.wire) }
  if (entry.kind === 'inherit') return 'open'
  if (entry.kind === 'data' && isBytes(entry.data)) return entry.data
  return new Uint8Array()
}

function openOutput(parent: Parent, entry: ChildStdio): Output {
  if (entry.kind === 'wire') return createPipedOutput(openOwnWire(parent, entry.wire))
  if (entry.kind !== 'inherit') return noOutput
  const { stdout, stderr } = parent.stdio.outputs
  // An inherited descriptor is the parent's to end.
  const inherited = entry.fd === 1 ? stdout : entry.fd === 2 ? stderr : noOutput
  return { ...inherited, end: () => undefined }
}

function kindOf(parent: Parent, entry: ChildStdio): StandardKind {
  if (entry.kind === 'inherit') return parent.stdio.standard[entry.fd] ?? 'none'
  if (entry.kind === 'wire') return entry.terminal && parent.hasTerminal ? 'terminal' : 'pipe'
  return entry.kind === 'data' ? 'pipe' : 'none'
}
