import { messageOf } from '@/lib/base'
import type { Commands } from './command'
import { type Command, expansion, group, mapNodes, type Node, type Script, type Statement } from './syntax'

// just-bash does not know `select`. It is read as a `for` whose variable has a prefix, which then becomes a loop that
// shows a menu and reads an answer.

const mark = 'VITRINE_SELECT_'
const menuName = 'vitrine:menu'

export const selectCommands: Commands = {
  async [menuName](words) {
    const width = String(words.length).length
    const lines = words.map((word, index) => `${String(index + 1).padStart(width)}) ${word}\n`)
    return { stdout: '', stderr: lines.join(''), exitCode: 0 }
  },
}

/** The script with each `select` as such a `for`. */
export function readSelects(script: string, parse: (text: string) => unknown): string {
  if (!/\bselect\b/.test(script)) return script
  let text = script
  for (;;) {
    try {
      parse(text)
      return text
    } catch (error) {
      const found = /Parse error at (\d+):(\d+): .*`select'/.exec(messageOf(error))
      const next = found && replaceAt(text, Number(found[1]), Number(found[2]))
      // What else is wrong is told where it is run.
      if (!next) return text
      text = next
    }
  }
}

function replaceAt(text: string, line: number, column: number): string | null {
  const lines = text.split('\n')
  const before = lines.slice(0, line - 1).reduce((length, each) => length + each.length + 1, 0)
  const indent = /^\s*/.exec(lines[line - 1] ?? '')?.[0].length ?? 0
  // The parser may have taken the indentation away.
  const at = [before + column - 1, before + indent + column - 1].find((offset) => text.startsWith('select', offset))
  const [whole, name] = (at !== undefined && /^select\s+([A-Za-z_]\w*)/.exec(text.slice(at))) || []
  if (at === undefined || whole === undefined) return null
  return `${text.slice(0, at)}for ${mark}${name}${text.slice(at + whole.length)}`
}

export function expandSelects(script: Script, parse: (text: string) => Script): Script {
  return mapNodes(script, (node) => {
    const isSelect = node.type === 'For' && String(node.variable).startsWith(mark)
    return isSelect ? (asLoop(node as unknown as For, parse) as unknown as Node) : node
  })
}

type For = Extract<Command, { type: 'For' }>

function asLoop({ variable, words, body, redirections }: For, parse: (text: string) => Script): Command {
  const name = variable.slice(mark.length)
  const list = `${variable}_LIST`
  const show = `${menuName} "\${${list}[@]}"`
  const { statements } = parse(`${list}=()
${show}
while [ \${#${list}[@]} -gt 0 ] && printf '%s' "\${PS3-#? }" >&2 && read -r REPLY; do
if [ -z "$REPLY" ]; then ${show}; continue; fi
${name}=
if [[ $REPLY =~ ^[1-9][0-9]*$ ]]; then ${name}="\${${list}[REPLY-1]-}"; fi
done`)
  const filled = mapNodes(statements, (node) => {
    if (node.type === 'Assignment' && node.name === list) return { ...node, array: words ?? [expansion('@')] }
    return node.type === 'While' ? { ...node, body: [...(node.body as Statement[]), ...body] } : node
  })
  return group(filled, redirections)
}
