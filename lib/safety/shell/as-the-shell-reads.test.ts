// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's own
import { Bash, defineCommand } from 'just-bash/browser'
import { expect, it } from 'vitest'
import { gateEffect } from '../gate'
import { commandSafety } from './command-safety'

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
  "echo 'npm install x' |\nsh",
  "echo 'npm install x' | # note\n sh",
  "echo 'npm install x' > f; sh <\\\n f",
  'ls | \\\n npm install x',
  '"np\\\nm" install x',
  'eval -- npm install x',
  "compgen -C 'npm install x' a",
  "test -v 'a[$(npm install x)]'",
  "let 'a[$(npm install x)]=1'",
  "x='a[$(npm install x)]'; ((x))",
  'cat <<EOF\nEO\\\nF\nnpm install x\nEOF',
  'echo \r#; npm install x',
  'set -- a; for x do npm install x; done',
  'for x in a do npm install x; done',
  "echo ${x:-'}'$(npm install x)'}'} \\'",
  'echo ${x:-<(npm install x)}',
  'echo ${x:|&-$(npm install} x)}',
  'echo "$(case x in x) npm install x;; esac)"',
  'echo $((1 + $(echo "\\$(npm install x)")))',
  'echo $[1<<2]\nnpm install x\n2]',
  'shopt -s expand_aliases\nalias n=npm\nn install x',
  '{fd}>f npm install x',
  '[[ a ]] npm install x',
  '!npm install x',
  'x=-c; sh $x "npm install x"',
  `awk 'BEGIN { "npm install x" | getline y }'`,
  `p='BEGIN { "npm install x" | getline y }'; awk "$p"`,
]

it.each(lines)('%j installs, so the gate asks', async (line) => {
  const argumentsOf: string[][] = []
  const npm = defineCommand('npm', async (words) => {
    argumentsOf.push(words)
    return { stdout: '', stderr: '', exitCode: 0 }
  })
  await new Bash({ customCommands: [npm], cwd: '/home' }).exec(line, { rawScript: true })
  expect(argumentsOf.map(([first]) => first)).toContainEqual(expect.stringMatching(/^i(?:nstall)?$/))
  expect(gateEffect({ kind: 'command', command: line }, { mode: 'auto' })).toMatchObject({ verdict: 'ask', rule: null })
})

it.each([
  "trap -- 'npm install x' EXIT",
  "mapfile -C 'npm install x' -c 1 <<< a",
  'coproc N { npm install x; }',
  "bash --rcfile x -c 'npm install x'",
  '((x = 1 << 2))\nnpm install x\n2',
  "cat <<'EOF'\n\tEOF\necho '\nEOF\nnpm install x\necho \\'",
  'npm instal x',
  `echo a | xargs -n1 awk -v c='npm install x' 'BEGIN { c | getline y }'`,
  `echo 'BEGIN { "npm install x" | getline y }' > f; awk -f f`,
  `awk 'BEGIN { system("npm install x") }'`,
  `awk '{ print "a" | "npm install x" }' f`,
])('%j installs in other shells, so the gate asks', (command) => {
  expect(gateEffect({ kind: 'command', command }, { mode: 'auto' })).toMatchObject({ verdict: 'ask', rule: null })
})

it.each(['ls &&', '&& ls', 'ls ;; pwd', 'ls | | wc', '| ls', 'ls |& wc', '', '# note'])(
  '%j is no line that only looks',
  (command) => expect(commandSafety(command).level).toBe('unknown'),
)

it.each(['ls &&\n # note\n pwd', 'git log |\n head -3', 'cat a.ts \\\n  | wc -l', 'echo "it\'s" && ls'])(
  '%j only looks',
  (command) => expect(commandSafety(command).level).toBe('safe'),
)

it.each([
  "git commit -m 'Read `items[0]` (see #3)'",
  "git commit -m \"$(cat <<'EOF'\nFix the total\n\nIt's (now) right.\nEOF\n)\"",
  "cat > src/a.ts <<'EOF'\nconst a = `it's ${b[0]}`\nEOF\nnpm test",
  'for f in src/*.ts; do echo "${f%.ts}"; done',
  'x=${1:-"src"}; ls "$x"',
  'echo $((1 << 2)) "${NAME:-${USER:-none}}"',
  'if [ ! -d dist ]; then mkdir dist; fi',
  'case "$1" in a) ls;; *) pwd;; esac',
  '! grep -rn TODO src',
  'echo "$(basename "$(pwd)")"',
  `awk -F, '$2 > 1 { print $1 "|" $2; n++ } END { print n || "none" }' data.csv`,
  `ls -l | awk -v min=3 '{ getline line < "f"; s += $5 } END { printf "%d | %s\\n", s, "system(x)" }'`,
])('%j is daily work, so the gate lets it run in auto mode', (command) => {
  expect(gateEffect({ kind: 'command', command }, { mode: 'auto' })).toEqual({ verdict: 'allow' })
})
