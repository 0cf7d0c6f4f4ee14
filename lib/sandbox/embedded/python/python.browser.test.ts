import { expect, test } from 'playwright/test'
import { sandboxPage } from '../../testing/sandbox-page'

const page = sandboxPage()

const files = {
  'greet.py': 'name = input("name? ")\nprint(f"hello {name}")\nopen("out.txt", "w").write("from Python")\n',
  'bad.py': 'def f():\n    raise ValueError("no")\n\nf()\n',
  'loop.py':
    'try:\n    print("started", flush=True)\n    while True: pass\nexcept KeyboardInterrupt:\n    print("stopped")\n    raise SystemExit(7)\n',
  // One line says that it has started and goes on, so that Ctrl+C meets that line whenever it comes.
  'spin.py':
    'def spin():\n    said = False\n    while said or print("started", flush=True) is None: said = True\n\nspin()\n',
  'slow.py':
    'import time\ntry:\n    print("started", flush=True)\n    while True: time.sleep(0.01)\nexcept KeyboardInterrupt:\n    time.sleep(1)\n    print("cleaned up")\n',
  'deaf.py': 'print("started", flush=True)\nsum(range(10**12))\n',
  'links.py':
    'import os\nos.symlink("words.py", "alias.py")\nprint(os.readlink("alias.py"), os.path.islink("alias.py"), os.path.realpath("alias.py"), open("alias.py").read() == open("words.py").read())\nimport alias\nprint(alias.shout("a"), os.lstat("alias.py").st_size)\nos.unlink("alias.py")\nprint(os.path.exists("words.py"), os.path.lexists("alias.py"))\nos.symlink("self", "self")\ntry:\n    open("self")\nexcept OSError as error:\n    print(error.strerror)\nos.unlink("self")\n',
  'modes.py':
    'import os, stat\nopen("tool.sh", "w").write("#!/bin/sh\\necho tool\\n")\nprint(os.access("tool.sh", os.X_OK))\nos.chmod("tool.sh", 0o755)\nprint(os.access("tool.sh", os.X_OK), oct(stat.S_IMODE(os.stat("tool.sh").st_mode)))\n',
  'words.py': 'def shout(text):\n    return text.upper()\n',
  'test_words.py':
    'from words import shout\n\ndef test_shout():\n    assert shout("a") == "A"\n\ndef test_wrong():\n    assert shout("a") == "a"\n',
}

test.describe('Python in the sandbox', () => {
  test.setTimeout(180_000)
  test.beforeAll(async () => {
    await page().evaluate(async (project) => {
      Object.assign(window, {
        sandbox: await window.createEmbeddedSandbox({ files: new Map(Object.entries(project)) }),
      })
    }, files)
  })

  /** Runs a line; `typed` is written once `when` has been printed. */
  function run(command: string, options: { typed?: string; when?: string; signal?: 'SIGINT'; again?: boolean } = {}) {
    return page().evaluate(
      async ({ line, typed, when, signal, again }) => {
        const sandbox: Awaited<ReturnType<typeof window.createEmbeddedSandbox>> = Reflect.get(window, 'sandbox')
        const isOpen = when !== undefined
        const child = await sandbox.spawn(line, {
          timeoutMs: 120_000,
          ...(isOpen ? { terminal: { columns: 80, rows: 24 } } : { stdin: typed ?? '' }),
        })
        const text = { stdout: '', stderr: '' }
        let isDone = false
        child.onOutput(({ stream, data }) => {
          text[stream] += new TextDecoder().decode(data)
          if (isDone || when === undefined || !(text.stdout + text.stderr).includes(when)) return
          isDone = true
          if (signal) child.kill(signal)
          if (signal && again) setTimeout(() => child.kill(signal), 300)
          if (typed !== undefined) setTimeout(() => child.write(typed), signal ? 100 : 0)
        })
        const { exitCode } = await child.exit
        return { exitCode, ...text }
      },
      { line: command, ...options },
    )
  }

  test('computes, and ends with the code that the program gave', async () => {
    expect(await run('python3 -c "import sys; print(6 * 7); sys.exit(3)"')).toMatchObject({
      exitCode: 3,
      stdout: '42\n',
    })
  })

  test('takes input that was given in advance, and writes files that others see', async () => {
    expect(await run('echo Ada | python greet.py')).toMatchObject({ exitCode: 0, stdout: 'name? hello Ada\n' })
    expect(await run('cat out.txt')).toMatchObject({ stdout: 'from Python' })
  })

  test('makes files executable, and tells which are', async () => {
    expect(await run('python modes.py && ./tool.sh')).toMatchObject({
      exitCode: 0,
      stdout: 'False\nTrue 0o755\ntool\n',
    })
  })

  test('waits for what is typed in a terminal', async () => {
    // With a terminal on both sides CPython writes the question to stderr.
    const { stdout, stderr, exitCode } = await run('python greet.py', { when: 'name? ', typed: 'Grace\n' })
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: 'hello Grace\n', stderr: 'name? ', exitCode: 0 })
  })

  test('shows tracebacks with the user’s lines and nothing of ours', async () => {
    const { stderr, exitCode } = await run('python bad.py')
    expect(exitCode).toBe(1)
    expect(stderr.replaceAll(/^ +[~^]+\n/gm, '')).toBe(
      'Traceback (most recent call last):\n  File "/home/project/bad.py", line 4, in <module>\n    f()\n  File "/home/project/bad.py", line 2, in f\n    raise ValueError("no")\nValueError: no\n',
    )
  })

  test('raises KeyboardInterrupt in an endless loop on Ctrl+C', async () => {
    const { stdout, exitCode } = await run('python loop.py', { when: 'started', signal: 'SIGINT' })
    expect({ stdout, exitCode }).toEqual({ stdout: 'started\nstopped\n', exitCode: 7 })
  })

  test('ends with a traceback of the user’s lines and code 130 when nothing catches Ctrl+C', async () => {
    const { stderr, exitCode } = await run('python spin.py', { when: 'started', signal: 'SIGINT' })
    expect(exitCode).toBe(130)
    expect(stderr.replaceAll(/^ +[~^]+\n/gm, '')).toBe(
      'Traceback (most recent call last):\n  File "/home/project/spin.py", line 5, in <module>\n    spin()\n  File "/home/project/spin.py", line 3, in spin\n    while said or print("started", flush=True) is None: said = True\nKeyboardInterrupt\n',
    )
  })

  test('leaves a program that has taken Ctrl+C the time it needs', async () => {
    const { stdout, exitCode } = await run('python slow.py', { when: 'started', signal: 'SIGINT' })
    expect({ stdout, exitCode }).toEqual({ stdout: 'started\ncleaned up\n', exitCode: 0 })
  })

  test('ends at a second Ctrl+C what has not looked at the first', async () => {
    const startedAt = Date.now()
    const { exitCode } = await run('python deaf.py', { when: 'started', signal: 'SIGINT', again: true })
    expect(exitCode).toBe(130)
    expect(Date.now() - startedAt).toBeLessThan(60_000)
  })

  test('goes on at the prompt after Ctrl+C', async () => {
    const typed = 'import time; time.sleep(1); print(6 * 7)\nexit(5)\n'
    const { stdout, stderr, exitCode } = await run('python', { when: '>>> ', signal: 'SIGINT', typed })
    expect(stderr).toContain('KeyboardInterrupt')
    expect(stdout).toContain('42')
    expect(exitCode).toBe(5)
  })

  test('makes and follows symbolic links', async () => {
    expect(await run('python links.py')).toMatchObject({
      stdout: 'words.py True /home/project/words.py True\nA 8\nTrue False\nSymbolic link loop\n',
      exitCode: 0,
    })
  })

  test('reports Python tests as it reports all others', async () => {
    const report = await page().evaluate(async () => {
      const sandbox: Awaited<ReturnType<typeof window.createEmbeddedSandbox>> = Reflect.get(window, 'sandbox')
      return sandbox.test()
    })
    expect(report).toMatchObject({ passed: 1, failed: 1 })
    expect(report.suites[0]).toMatchObject({
      file: 'test_words.py',
      tests: [
        { name: 'test_shout', status: 'passed' },
        { name: 'test_wrong', status: 'failed', location: { file: 'test_words.py', line: 7 } },
      ],
    })
  })

  test('installs a wheel of the project, and says that there is no index', async () => {
    const make =
      "python3 -c \"import zipfile; z = zipfile.ZipFile('tiny-1.0-py3-none-any.whl', 'w'); z.writestr('tiny.py', 'x = 5'); z.writestr('tiny-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n'); z.writestr('tiny-1.0.dist-info/RECORD', 'tiny.py,,\\n'); z.close()\""
    expect(await run(make)).toMatchObject({ exitCode: 0 })
    expect(await run('pip install ./tiny-1.0-py3-none-any.whl')).toMatchObject({ exitCode: 0 })
    expect(await run('python3 -c "import tiny; print(tiny.x)"')).toMatchObject({ stdout: '5\n' })
    const refused = await run('pip install requests')
    expect(refused).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('No Python package index is configured'),
    })
  })

  test('keeps a wheel in its folder, also when its name for a file leads elsewhere once its start is cut off', async () => {
    const make = `python3 -c "import zipfile; z = zipfile.ZipFile('evil-1.0-py3-none-any.whl', 'w'); z.writestr('evil-1.0.data/purelib//home/project/words.py', 'raise SystemExit(9)'); z.writestr('evil-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: evil\\nVersion: 1.0\\n'); z.close()"`
    expect(await run(make)).toMatchObject({ exitCode: 0 })
    expect(await run('pip install ./evil-1.0-py3-none-any.whl')).toMatchObject({ exitCode: 0 })
    expect(await run('cat words.py')).toMatchObject({ stdout: files['words.py'] })
  })
})
