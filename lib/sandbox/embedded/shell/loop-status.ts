import {
  mapNodes,
  type Node,
  nameOf,
  nodesOf,
  type Script,
  type Simple,
  type Statement,
  simple,
  statement,
} from './syntax'

const loops = new Set<unknown>(['For', 'CStyleFor', 'While', 'Until'])
/** What a `break` inside does not leave a loop outside of. */
const borders = new Set<unknown>([...loops, 'FunctionDef', 'Subshell', 'CommandSubstitution'])

/**
 * A loop that `break` or `continue` leaves has succeeded. just-bash gives it the status of the statement before, often a
 * failed `[ … ] &&`, which under `set -e` ends the script; so a statement that succeeds is put there.
 */
export function keepLoopStatus(script: Script): Script {
  return mapNodes(script, (node) => {
    if (!loops.has(node.type)) return node
    const body = (node.body as Statement[]).flatMap((part) =>
      leavesLoop(part) && !asksStatus(part) ? [statement(simple(':')), part] : [part],
    )
    return { ...node, body }
  })
}

function leavesLoop(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(leavesLoop)
  if (typeof value !== 'object' || value === null) return false
  const node = value as Node
  if (borders.has(node.type)) return false
  if (node.type === 'SimpleCommand' && /^(?:break|continue)$/.test(nameOf(node as unknown as Simple) ?? '')) return true
  return Object.values(node).some(leavesLoop)
}

/** `$?` and `PIPESTATUS` are those of the statement before. */
const asksStatus = (part: Statement) =>
  [...nodesOf(part)].some(({ parameter }) => /^(?:\?|PIPESTATUS.*)$/.test(String(parameter)))
