import { expect, type Page, test } from 'playwright/test'
import { serveSandbox, type TestServer } from '../../testing/serve-sandbox'

let server: TestServer
let page: Page

const files = {
  'a.txt': 'one\ntwo\nthree\n',
  'src/x.mjs': 'console.log("x")\n',
  'ticks.mjs': 'let n = 0; setInterval(() => console.log("tick " + ++n), 20)',
  'upper.mjs': 'process.stdin.on("data", (d) => process.stdout.write(String(d).toUpperCase()))',
  'fail.mjs': 'console.error("bad"); console.log("out"); process.exit(3)',
  'cli.js': '#!/usr/bin/env node\nconsole.log("cli", ...process.argv.slice(2))',
  'script.sh': 'echo "script $1"\nnode src/x.mjs\nexit 4',
  'env.mjs': 'console.log(process.env.A, process.argv.slice(2).join("|"))',
}

interface Outcome {
  exitCode: number
  stdout: string
  stderr: string
}

/** Runs the lines one after the other in one sandbox. */
function run(lines: string[]): Promise<Outcome[]> {
  return page.evaluate(
    async ({ lines: commands, files: project }) => {
      const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(project)) })
      const outcomes = []
      for (const command of commands) {
        const child = await sandbox.spawn(command, { timeoutMs: 20_000, stdin: '' })
        const text = { stdout: '', stderr: '' }
        child.onOutput(({ stream, data }) => {
          text[stream] += new TextDecoder().decode(data)
        })
        const { exitCode } = await child.exit
        outcomes.push({ exitCode, ...text })
      }
      await sandbox.dispose()
      return outcomes
    },
    { lines, files },
  )
}

test.describe('the shell in the sandbox', () => {
  test.beforeAll(async ({ browser }) => {
    server = await serveSandbox('lib/sandbox/testing/contract-page.ts')
    page = await browser.newPage()
    await page.goto(server.origin)
  })
  test.afterAll(async () => {
    await page.close()
    await server.close()
  })

  for (const [line, stdout, exitCode] of [
    ['node ticks.mjs | head -2', 'tick 1\ntick 2\n', 0],
    ['node ticks.mjs | grep -v 1 | head -n 1', 'tick 2\n', 0],
    ['yes | head -3', 'y\ny\ny\n', 0],
    ['yes no | node upper.mjs | head -2', 'NO\nNO\n', 0],
    ['node src/x.mjs | tr a-z A-Z > out.txt; cat out.txt', 'X\n', 0],
    ['node fail.mjs 2>&1 | sort', 'bad\nout\n', 0],
    ['node fail.mjs 2>/dev/null || echo "code $?"', 'out\ncode 3\n', 0],
    ['node fail.mjs > all.txt 2>&1; echo $?; sort all.txt', '3\nbad\nout\n', 0],
    ['set -o pipefail; node fail.mjs | cat; echo $?', 'out\n3\n', 0],
    ['cat a.txt | node upper.mjs | grep TWO', 'TWO\n', 0],
    ['node src/x.mjs | grep nothing', '', 1],
    ['A=1 node env.mjs a.* "b c"', '1 a.txt|b c\n', 0],
    ['echo "[$(node src/x.mjs)]"', '[x]\n', 0],
    ['node upper.mjs <<END\nhere $((1+1))\nEND', 'HERE 2\n', 0],
    ['ls a.txt src/x.mjs | xargs -I{} echo "<{}>"', '<a.txt>\n<src/x.mjs>\n', 0],
    ['tar czf t.tgz src a.txt && tar tzf t.tgz', 'src/\nsrc/x.mjs\na.txt\n', 0],
    [
      'mkdir -p d && tar xf t.tgz -C d 2>/dev/null; tar cf - src | tar xf - -C d && cat d/src/x.mjs',
      'console.log("x")\n',
      0,
    ],
    ['zip -r -q z.zip src >/dev/null && unzip -q z.zip -d e && cat e/src/x.mjs', 'console.log("x")\n', 0],
    ['gzip -k a.txt && zcat a.txt.gz | head -1 && gunzip -c a.txt.gz | wc -l', 'one\n3\n', 0],
    [
      'ln -s ../a.txt src/link && readlink src/link && cat src/link && test -L src/link',
      '../a.txt\none\ntwo\nthree\n',
      0,
    ],
    ['ln -s src folder && ls folder && rm folder && ls src', 'x.mjs\nx.mjs\n', 0],
    [
      'mkdir d && ln -s ../src d/folder && ln -s gone d/broken && rm d/broken && ls d && rm -r d && ls src',
      'folder\nx.mjs\n',
      0,
    ],
    [
      'ln -s src folder && cp -r folder copy && mv folder moved && ls copy && readlink copy && ls moved/x.mjs && readlink moved',
      'x.mjs\nsrc\nmoved/x.mjs\nsrc\n',
      0,
    ],
    ['ln -s . src/loop && find src -name "*.mjs" && ln -sf nowhere src/loop && cat src/loop', 'src/x.mjs\n', 1],
    ['sleep 0.1 & wait; echo done', 'done\n', 0],
    ['curl -s https://example.com || echo "code $?"', 'code 6\n', 0],
    ['git init -q && git add . && git commit -qm First && git log --format=%s', 'First\n', 0],
    ['./cli.js 1 "a b" && x=$(./cli.js 2) && echo "<$x>"', 'cli 1 a b\n<cli 2>\n', 0],
    ['./cli.js 1 | node upper.mjs; src/../cli.js 2 > out.txt; cat out.txt', 'CLI 1\ncli 2\n', 0],
    ['NODE=/usr/bin/node; "$NODE" -p 1+1; "$NODE" -p 2+2 | cat; F=echo; $F hi', '2\n4\nhi\n', 0],
    ['chmod +x script.sh && ./script.sh a; echo $?', 'script a\nx\n4\n', 0],
    ['./script.sh', '', 126],
    ['./nowhere || echo $?', '127\n', 0],
    ['[ -x /bin/sh ] && [ -f /usr/bin/node ] && head -1 /bin/sh | wc -l', '1\n', 0],
    ['which node git nothing || true', '/usr/bin/node\n/usr/bin/git\n', 0],
  ] as const) {
    test(`runs ${line.split('\n')[0]}`, async () => {
      const [outcome] = await run([line])
      const expected = { stdout, exitCode, stderr: exitCode === 0 ? '' : expect.any(String) }
      // What goes to stderr is only shown when something failed.
      const { stderr, ...rest } = outcome ?? { stderr: '', exitCode: -1, stdout: '' }
      expect({ ...rest, stderr: rest.exitCode === exitCode && exitCode === 0 ? '' : stderr }).toEqual(expected)
    })
  }

  for (const [line, parts, stdout] of [
    ['cat | wc -c', ['abc\n', 'de\n'], '7\n'],
    ['sort; echo over', ['b\n', 'a\n'], 'a\nb\nover\n'],
    ['grep -v no | head -2', ['yes\nno\n', 'again\nmore\n'], 'yes\nagain\n'],
    ['wc -l a.txt', [], '3 a.txt\n'],
  ] as const) {
    test(`hands what comes later to ${line}`, async () => {
      const output = await page.evaluate(
        async ({ command, input, project }) => {
          const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(project)) })
          const child = await sandbox.spawn(command, { timeoutMs: 20_000 })
          let text = ''
          child.onOutput(({ data }) => {
            text += new TextDecoder().decode(data)
          })
          for (const part of input) {
            await new Promise((resolve) => setTimeout(resolve, 50))
            child.write(part)
          }
          if (input.length > 0) child.closeStdin()
          await child.exit
          await sandbox.dispose()
          return text
        },
        { command: line, input: [...parts], project: files },
      )
      expect(output).toBe(stdout)
    })
  }
})
