import { expect, test } from 'playwright/test'
import { sandboxPage } from '../../testing/sandbox-page'

const page = sandboxPage()

const files = {
  'a.txt': 'one\ntwo\nthree\n',
  'src/x.mjs': 'console.log("x")\n',
  'ticks.mjs': 'let n = 0; setInterval(() => console.log("tick " + ++n), 20)',
  'upper.mjs': 'process.stdin.on("data", (d) => process.stdout.write(String(d).toUpperCase()))',
  'fail.mjs': 'console.error("bad"); console.log("out"); process.exit(3)',
  'serve.cjs': `require('http').createServer((request, response) => {
  if (request.url === '/ok') { response.write('o'); response.end('k\\n') }
  else if (request.url === '/echo') request.setEncoding('utf8').on('data', (body) => response.end(request.method + ' ' + body + '\\n'))
  else if (request.url === '/open') response.socket.write('HTTP/1.1 100 Continue\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nopen\\n')
  else if (request.url === '/gone') response.socket.destroy()
  else { response.statusCode = 404; response.end() }
}).listen(8080)`,
  'read.cjs': `const fs = require('fs'); const bytes = Buffer.alloc(9); fs.read(0, bytes, 0, 9, null, (error, count) => {
  process.stdout.write(bytes.subarray(0, count))
  fs.read(0, bytes, 0, 9, null, (error, rest) => console.log(rest))
})`,
  'cli.js': '#!/usr/bin/env node\nconsole.log("cli", ...process.argv.slice(2))',
  'script.sh': 'echo "script $1"\nnode src/x.mjs\nexit 4',
  'env.mjs': 'console.log(process.env.A, process.argv.slice(2).join("|"))',
}

/** Runs the line in a sandbox of its own. */
function run(line: string) {
  return page().evaluate(
    async ({ line: command, files: project }) => {
      const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(project)) })
      const { exitCode, stdout, stderr } = await window.runCommand(sandbox, command, { timeoutMs: 20_000, stdin: '' })
      await sandbox.dispose()
      return { exitCode, stdout, stderr }
    },
    { line, files },
  )
}

test.describe('the shell in the sandbox', () => {
  for (const [line, stdout, exitCode] of [
    ['node ticks.mjs | head -2', 'tick 1\ntick 2\n', 0],
    ['node ticks.mjs | grep -v 1 | head -n 1', 'tick 2\n', 0],
    [`node -p 'crypto.createHash("md5").update("a").digest("hex")' | cut -c1-4`, '0cc1\n', 0],
    ['yes | head -3', 'y\ny\ny\n', 0],
    [
      "printf 'a:\\n\\tnode src/x.mjs\\n\\t@node fail.mjs 2>&1 | sort\\n\\t@exit 4\\n' > Makefile; make 2>/dev/null; make 2>&1 | tail -1",
      'node src/x.mjs\nx\nbad\nout\nmake: *** [Makefile:4: a] Error 4\n',
      0,
    ],
    ['let "x=1+$" 2>/dev/null; echo $?', '1\n', 0],
    [
      'git init -q . && git add a.txt && git commit -qm one && git clone -q . copy && git -C copy log --format=%s%d',
      'one (HEAD -> main, origin/main, origin/HEAD)\n',
      0,
    ],
    ['yes no | node upper.mjs | head -2', 'NO\nNO\n', 0],
    ['node src/x.mjs | tr a-z A-Z > out.txt; cat out.txt', 'X\n', 0],
    ['node fail.mjs 2>&1 | sort', 'bad\nout\n', 0],
    ['node fail.mjs 2>/dev/null || echo "code $?"', 'out\ncode 3\n', 0],
    ['node fail.mjs > all.txt 2>&1; echo $?; sort all.txt', '3\nbad\nout\n', 0],
    ['set -o pipefail; node fail.mjs | cat; echo $?', 'out\n3\n', 0],
    ['sh -c "exit 3" & wait $!; echo $?', '3\n', 0],
    ['x=1; f() { echo "f$x"; }; f & wait', 'f1\n', 0],
    ['echo in | timeout 9 cat; timeout 0.2 node ticks.mjs >/dev/null; echo $?', 'in\n124\n', 0],
    ['sleep 9 & kill $!; wait $!; echo $?', '143\n', 0],
    ['sha256sum a.txt | cut -c1-8; mktemp | wc -l', 'b6285c57\n1\n', 0],
    ['cat a.txt | node upper.mjs | grep TWO', 'TWO\n', 0],
    ['node src/x.mjs | grep nothing', '', 1],
    ['(sleep 0.3; echo later) | node read.cjs', 'later\n0\n', 0],
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
    [
      'ln -s ../a.txt src/link && tar cf t.tar src && mkdir d && tar xf t.tar -C d && readlink d/src/link && tar cf - src | tar tf -',
      '../a.txt\nsrc/\nsrc/link\nsrc/x.mjs\n',
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
    ['curl -s localhost:8080; echo $?', '7\n', 0],
    [
      `node serve.cjs & until curl -sf localhost:8080/ok; do sleep 0.1; done; curl -sd a=1 localhost:8080/echo; curl -s localhost:8080/open; curl -sI -o head -w '%{http_code}\\n' localhost:8080/none; curl -s localhost:8080/gone; echo $?; kill %1`,
      'ok\nPOST a=1\nopen\n404\n56\n',
      0,
    ],
    ['git init -q && git add . && git commit -qm First && git log --format=%s', 'First\n', 0],
    ['./cli.js 1 "a b" && x=$(./cli.js 2) && echo "<$x>"', 'cli 1 a b\n<cli 2>\n', 0],
    ['./cli.js 1 | node upper.mjs; src/../cli.js 2 > out.txt; cat out.txt', 'CLI 1\ncli 2\n', 0],
    ['NODE=/usr/bin/node; "$NODE" -p 1+1; "$NODE" -p 2+2 | cat; F=echo; $F hi', '2\n4\nhi\n', 0],
    ['chmod +x script.sh && ./script.sh a; echo $?', 'script a\nx\n4\n', 0],
    ['./script.sh', '', 126],
    ['./nowhere || echo $?', '127\n', 0],
    [
      'chmod -x cli.js; ./cli.js 2>&1; echo $?; node cli.js 1; F=./cli.js; $F 2>/dev/null; echo $?; ./cli.js 2>&1 | grep -c denied',
      'sh: ./cli.js: Permission denied (not executable; chmod +x ./cli.js makes it so)\n126\ncli 1\n126\n1\n',
      0,
    ],
    [
      'printf "#!/bin/sh\\necho made\\n" > new.sh; [ -x new.sh ] || sh new.sh; cp cli.js copy.js && ./copy.js && cp new.sh copy.js && [ -x copy.js ] && echo kept',
      'made\ncli\nkept\n',
      0,
    ],
    [
      'zip -q z.zip cli.js script.sh && unzip -q z.zip -d e && stat -c %a e/cli.js e/script.sh && e/cli.js 1',
      '755\n644\ncli 1\n',
      0,
    ],
    [
      `chmod -x cli.js; chmod +x script.sh; node -e "const c = require('child_process'); c.execFile('./cli.js', (e) => { console.log(e.code); c.exec('./cli.js', (e) => { console.log(e.code); process.stdout.write(c.spawnSync('./script.sh', ['a']).stdout) }) })"`,
      'EACCES\n126\nscript a\nx\n',
      0,
    ],
    [
      'git init -q && git add cli.js && git commit -qm 1 && git clone -q . copy && copy/cli.js && chmod -x cli.js && git status --short cli.js && git checkout -q cli.js && ./cli.js',
      'cli\n M cli.js\ncli\n',
      0,
    ],
    ['[ -x /bin/sh ] && [ -f /usr/bin/node ] && head -1 /bin/sh | wc -l', '1\n', 0],
    ['which node git nothing || true', '/usr/bin/node\n/usr/bin/git\n', 0],
  ] as const) {
    test(`runs ${line.split('\n')[0]}`, async () => {
      const { stderr, ...outcome } = await run(line)
      expect(outcome, stderr).toEqual({ stdout, exitCode })
    })
  }

  for (const [line, parts, stdout] of [
    ['cat | wc -c', ['abc\n', 'de\n'], '7\n'],
    ['sort; echo over', ['b\n', 'a\n'], 'a\nb\nover\n'],
    ['grep -v no | head -2', ['yes\nno\n', 'again\nmore\n'], 'yes\nagain\n'],
    ['wc -l a.txt', [], '3 a.txt\n'],
  ] as const) {
    test(`hands what comes later to ${line}`, async () => {
      const output = await page().evaluate(
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

  test('gives the next command line a shell as new, and ends what the last one left behind', async () => {
    const outputs = await page().evaluate(async (project) => {
      const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(project)) })
      const all: string[] = []
      for (const line of [
        'A=1; export B=2; f() { echo f; }; alias ll=ls; set -e; cd src; printf x > made.txt',
        'echo "[$A$B$PWD]"; type f ll 2>/dev/null | wc -l; false; cat src/made.txt',
        "timeout 3 sh -c 'echo early; sleep 60; echo x > late.txt'; echo $?",
        'sleep 0.3 && echo x > job.txt &',
        'sleep 0.5; ls late.txt job.txt 2>/dev/null',
      ]) {
        const { stdout } = await window.runCommand(sandbox, line, { timeoutMs: 20_000 })
        all.push(stdout)
      }
      await sandbox.apply([{ path: 'src/made.txt', after: 'by hand' }])
      all.push((await window.runCommand(sandbox, 'cat src/made.txt | cat', { timeoutMs: 20_000 })).stdout)
      await sandbox.dispose()
      return all
    }, files)
    expect(outputs).toEqual(['', '[/home/project]\n0\nx', 'early\n124\n', '', '', 'by hand'])
  })

  test('gives each shell and git that a program calls for a start as new, with what the program wrote', async () => {
    const { stdout } = await run(`cat > calls.cjs <<'END'
const { execSync, spawnSync } = require('child_process')
const { writeFileSync } = require('fs')
const out = (line, options) => execSync(line, { encoding: 'utf8', ...options }).trim()
const seen = [out('cd src && A=1 && pwd && echo $A'), out('pwd; echo "[$A$B]"', { env: { B: '2' } })]
seen.push(spawnSync('sh', ['-c', 'echo before; exit 3'], { encoding: 'utf8' }).status, out('cat', { input: 'typed' }))
seen.push(spawnSync('sh', ['-c', 'sleep 9'], { timeout: 200 }).error.code, out('echo on'))
execSync('git init'), writeFileSync('new.txt', 'x')
seen.push(out('git status --short new.txt'), out('git add new.txt; git status --short new.txt'))
writeFileSync('new.txt', 'longer')
seen.push(execSync('git status --short new.txt', { encoding: 'utf8' }), out('git diff --stat', { cwd: 'src' }))
const codeIn = (cwd) => spawnSync('node', ['-v'], { cwd }).error.code
seen.push(codeIn('new.txt'), codeIn('none'), codeIn('x'.repeat(256)))
require('fs').mkdirSync('gone'), process.chdir('gone'), require('fs').rmdirSync('../gone')
try { process.cwd() } catch (error) { seen.push(error.code, error.syscall) }
const ended = spawnSync('sh', ['-c', 'trap "echo bye" EXIT; kill $$; sleep 9'], { encoding: 'utf8' })
seen.push(ended.stdout, ended.status, ended.signal)
console.log(JSON.stringify(seen))
END
node calls.cjs`)
    expect(JSON.parse(stdout)).toEqual([
      '/home/project/src\n1',
      '/home/project\n[2]',
      3,
      'typed',
      'ETIMEDOUT',
      'on',
      '?? new.txt',
      'A  new.txt',
      'AM new.txt\n',
      'new.txt | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)',
      ...['ENOTDIR', 'ENOENT', 'ENAMETOOLONG', 'ENOENT', 'uv_cwd'],
      ...['bye\n', null, 'SIGTERM'],
    ])
  })
})
