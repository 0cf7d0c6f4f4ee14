import { Bash, defineCommand } from 'just-bash/browser'
import { expect, it } from 'vitest'
import { gateEffect } from '../gate'

/** Ways to start an installer, as the sandbox's shell knows them. */
const lines = [
  'npm install x',
  'npm {,install} x',
  'npm {in,}{stall,} x',
  'npm {i..i} x',
  'touch install; npm inst* x',
  "npm $'install' x",
  'function f { npm install x; }; f',
  'f() if true; then npm install x; fi; f',
  "shopt -s expand_aliases\nalias x='npm install x'\nx",
  'if npm install x; then :; fi',
  '{ npm install x; }',
  '(npm install x)',
  'case x in (x) npm install x ;; esac',
  'for ((i=0;i<1;i++)); do npm install x; done',
  'echo `npm install x`',
  'echo "$(npm install x)"',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
  'echo ${x:-$(npm install x)}',
  'cat <<EOF\n$(npm install x)\nEOF',
  'cat <<EOF | sh\nnpm install x\nEOF',
  "bash <(printf 'npm install x')",
  "source <(printf 'npm install x')",
  "echo 'npm install x' > x.sh; sh < x.sh",
  'exec npm install x',
  'command -- npm install x',
  'builtin eval npm install x',
  'time -p npm install x',
  'env -i npm install x',
  'timeout 5 npm install x',
  'echo install x | xargs npm',
  'echo npm install x | xargs env',
  'echo install | xargs -I % npm % x',
  'touch install; find install -maxdepth 0 -exec npm {} x ";"',
  'X=npm; env $X install x',
  'X=npm; command $X install x',
  'X=npm; timeout 5 $X install x',
  'X=npm; find . -maxdepth 0 -exec $X install x ";"',
  'find . -maxdepth 0 -exec npm install x ";"',
  'sh -c \'npm "$@"\' x install x',
  "bash -c 'eval \"$1\"' x 'npm install x'",
  'eval npm\\ install\\ x',
  "e='npm install x'; eval $e",
  'e=\'npm install x\'; bash -c "$e"',
  'X=npm; $X install x',
  'npm install x &',
  '! npm install x',
]

it.each(lines)('%j installs, so the gate asks', async (line) => {
  const argumentsOf: string[][] = []
  const npm = defineCommand('npm', async (words) => {
    argumentsOf.push(words)
    return { stdout: '', stderr: '', exitCode: 0 }
  })
  await new Bash({ customCommands: [npm], cwd: '/home' }).exec(line)
  expect(argumentsOf.map(([first]) => first)).toContainEqual(expect.stringMatching(/^i(?:nstall)?$/))
  expect(gateEffect({ kind: 'command', command: line }, { mode: 'auto' })).toMatchObject({ verdict: 'ask', rule: null })
})
