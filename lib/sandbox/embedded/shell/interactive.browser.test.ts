import { expect, test } from 'playwright/test'
import { sandboxPage } from '../../testing/sandbox-page'

const page = sandboxPage()

test.describe('an interactive shell', () => {
  /** Types lines, each when the shell is ready, and answers what each printed; `ahead` with the last, `late` after its prompt. */
  function type(lines: string[], { ahead = '', late = '' } = {}) {
    return page().evaluate(
      async ([commands, typedAhead, typedLate]) => {
        const project = { 'src/a.txt': 'text\n', 'hello.mjs': 'console.log("hello", process.env.GREETING)' }
        const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(project)) })
        const child = await sandbox.spawn('sh -i', {
          env: { VITRINE_TERMINAL: 'secret' },
          terminal: { columns: 80, rows: 24 },
          timeoutMs: 50_000,
        })
        let text = ''
        let wake: () => void = () => undefined
        child.onOutput(({ data }) => {
          text += new TextDecoder().decode(data)
          wake()
        })
        const outputs: string[] = []
        const prompt = async () => {
          for (;;) {
            // biome-ignore lint/suspicious/noControlCharactersInRegex: the shell's mark is an escape sequence
            const mark = /\u001b\]697;secret;(\{[^\u0007]*\})\u0007/.exec(text)
            if (mark) {
              const before = text.slice(0, mark.index)
              text = text.slice(mark.index + mark[0].length)
              return { before, state: JSON.parse(mark[1] ?? '{}') }
            }
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          }
        }
        let { state } = await prompt()
        for (const [index, line] of commands.entries()) {
          const isLast = index === commands.length - 1
          child.write(`\n\u001e${JSON.stringify(line)}\n${isLast ? typedAhead : ''}`)
          const next = await prompt()
          outputs.push(next.before)
          state = next.state
        }
        if (typedLate !== '') {
          child.write(typedLate)
          state = (await prompt()).state
        }
        child.kill('SIGKILL')
        await sandbox.dispose()
        return { outputs, state }
      },
      [lines, ahead, late] as const,
    )
  }

  test('says at once why a file does not run, and what redirections and commands of its own complain of', async () => {
    const { outputs } = await type([
      './nowhere.sh; echo next',
      'echo echo ran > run.sh; ./run.sh; chmod +x run.sh; ./run.sh',
      'node -e 0 > nowhere/file; echo next',
      'timeout; echo next',
    ])
    expect(outputs).toEqual([
      'sh: ./nowhere.sh: No such file or directory\nnext\n',
      'sh: ./run.sh: Permission denied (not executable; chmod +x ./run.sh makes it so)\nran\n',
      'bash: nowhere/file: No such file or directory\nnext\n',
      "timeout: missing operand\nTry 'timeout --help' for more information.\nnext\n",
    ])
  })

  test('starts Node’s own REPL, which takes keys and keeps what was declared', async () => {
    const said = await page().evaluate(async () => {
      const sandbox = await window.createEmbeddedSandbox({ files: new Map() })
      const child = await sandbox.spawn('node', { terminal: { columns: 80, rows: 24 }, timeoutMs: 30_000 })
      let text = ''
      let wake: () => void = () => undefined
      child.onOutput(({ data }) => {
        text += new TextDecoder().decode(data)
        wake()
      })
      let read = 0
      const until = async (part: string) => {
        while (!text.includes(part, read)) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
        read = text.indexOf(part, read) + part.length
      }
      await until('> ')
      for (const [keys, answer] of [
        ['const list = [1, 2]\r', 'undefined'],
        ['class Pair { a = list }\r', 'undefined'],
        ['await Promise.resolve(new Pair())\r', 'Pair { a: [ \x1b[33m1\x1b[39m, \x1b[33m2\x1b[39m ] }'],
        ['require("node:path").sep\r', "'/'"],
        // Completed: `versions` goes on, so only what all have in common.
        ['process.vers\t', 'process.version'],
        ['.length\r', '\x1b[33m8'],
        // The line before the last one, changed.
        ['\x1b[A\x1b[A\x1b[A.then(({ a }) => a.at(-1) + 40)\r', '\x1b[33m42'],
      ] as const) {
        child.write(keys)
        await until(answer)
      }
      child.write('.exit\r')
      const { exitCode } = await child.exit
      await sandbox.dispose()
      return { exitCode, text }
    })
    expect(said.exitCode).toBe(0)
    expect(said.text).toContain('\x1b]697;tty;raw\x07')
    expect(said.text).toMatch(/^Welcome to Node\.js v22/)
  })

  test('keeps folder, variables, functions, aliases and the last exit code', async () => {
    const { outputs, state } = await type([
      'cd src',
      'export GREETING=hi; n=4',
      'double() { echo $(($1 * 2)); }',
      'double $n',
      'shopt -s expand_aliases; alias show=cat',
      'show a.txt',
      'false',
      'echo $?',
      'node ../hello.mjs',
    ])
    expect(outputs).toEqual(['', '', '', '8\n', '', 'text\n', '', '1\n', 'hello hi\n'])
    expect(state).toMatchObject({ cwd: '/home/project/src', exitCode: 0 })
  })

  test('gives programs whose output is taken no terminal', async () => {
    const { outputs } = await type([
      'node -e "console.log(String(process.stdout.isTTY))"',
      `node -e "console.log(require('child_process').execFileSync('node', ['-p', 'process.stdout.isTTY'], { encoding: 'utf8' }).trim())"`,
    ])
    expect(outputs).toEqual(['true\n', 'undefined\n'])
  })

  test('goes on over several lines, and after a mistake', async () => {
    const { outputs } = await type(['for i in 1 2', 'do echo $i; done', 'done', 'echo fine'])
    expect(outputs.at(1)).toBe('1\n2\n')
    expect(outputs.at(2)).toMatch(/syntax error/)
    expect(outputs.at(3)).toBe('fine\n')
    const ahead = await type(["echo 'a"], { ahead: "b'\nec" })
    expect(ahead.state).toMatchObject({ isUnfinished: true, unread: "b'\nec" })
    expect((await type(["echo 'a"], { late: "b'\n" })).state).toEqual({ late: "b'\n" })
  })

  test('shows the branch of a repository', async () => {
    const { state } = await type(['git init -q', 'git checkout -q -b topic'])
    expect(state).toMatchObject({ branch: 'topic' })
  })

  test('runs jobs beside the prompt', async () => {
    const { outputs } = await type(['sleep 30 &', 'jobs', 'kill %1', 'wait', 'echo done'])
    expect(outputs[0]).toMatch(/^\[1\] \d+\n$/)
    expect(outputs[1]).toMatch(/^\[1\]\+ {2}Running +sleep 30 &\n$/)
    expect(outputs.at(-1)).toContain('done\n')
  })
})
