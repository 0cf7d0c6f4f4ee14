import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const library = resolve('lib/sandbox/embedded/python/library')
const folders: string[] = []
const hasPython = (() => {
  try {
    // The runner is written for Python 3.9 and later.
    execFileSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'])
    return true
  } catch {
    return false
  }
})()
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function run(files: Record<string, string>, ...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-pytest-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: library }
  const options = { cwd: folder, env, encoding: 'utf8' as const }
  let output = ''
  let exitCode = 0
  try {
    output = execFileSync('python3', ['-m', 'pytest', ...args, '--json=report.json'], options)
  } catch (error) {
    const failed = error as { stdout: string; status: number }
    output = failed.stdout
    exitCode = failed.status
  }
  const report = () => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
  return { output, exitCode, report }
}

const statuses = (report: { suites: { tests: { name: string; status: string }[] }[] }) =>
  report.suites.flatMap(({ tests }) => tests.map(({ name, status }) => `${status} ${name}`))

describe.skipIf(!hasPython)('the pytest-compatible runner', () => {
  it('shows what an assertion compared', () => {
    const { output, exitCode } = run({ 'test_a.py': 'def test_a():\n    x = [1, 2]\n    assert x == [1, 3], "why"\n' })
    expect(exitCode).toBe(1)
    expect(output).toContain('test_a.py:3: in test_a')
    expect(output).toContain('E   AssertionError: why\nE     assert [1, 2] == [1, 3]\nE     At index 1 diff: 2 != 3')
    expect(output).toMatch(/=+ 1 failed in [\d.]+s =+/)
  })

  it('evaluates what is asserted once', () => {
    const source =
      'calls = []\ndef f():\n    calls.append(1)\n    return 1\ndef test_a():\n    assert f() == 1\n    assert f()\n    assert len(calls) == 2\n'
    expect(run({ 'test_a.py': source }).exitCode).toBe(0)
  })

  it('sets fixtures up and down by scope, from conftest.py too', () => {
    const { output, exitCode } = run(
      {
        'conftest.py': `import pytest
@pytest.fixture(scope='session')
def log():
    log = []
    yield log
    print('\\nLOG', ' '.join(log))
@pytest.fixture(scope='module', autouse=True)
def module(log):
    log.append('module+')
    yield
    log.append('module-')
`,
        'test_a.py': `import pytest
@pytest.fixture(params=['x', 'y'])
def letter(request, log):
    log.append(request.param)
    yield request.param
    log.append(request.param + '-')
def test_one(letter): assert letter in 'xy'
class TestC:
    @pytest.fixture
    def number(self): return 5
    def test_two(self, number): assert number == 5
`,
        'test_b.py': 'def test_three(log): log.append("three")\n',
      },
      '-s',
    )
    expect(exitCode).toBe(0)
    expect(output).toContain('LOG module+ x x- y y- module- module+ three module-')
  })

  it('knows parametrize, marks and their reports', () => {
    const { report, exitCode } = run({
      'test_a.py': `import pytest
@pytest.mark.parametrize('a,b', [(1, 1), pytest.param(1, 2, marks=pytest.mark.xfail), pytest.param(3, 3, id='three')])
def test_eq(a, b): assert a == b
@pytest.mark.parametrize('x', [1, 2])
@pytest.mark.parametrize('y', ['a', 'b'])
def test_product(x, y): pass
@pytest.mark.skip(reason='later')
def test_later(): assert False
@pytest.mark.skipif('sys.version_info < (3, 0)', reason='old')
def test_new(): pass
def test_bad(): raise ValueError('no')
`,
    })
    expect(exitCode).toBe(1)
    expect(statuses(report())).toEqual([
      'passed test_eq[1-1]',
      'skipped test_eq[1-2]',
      'passed test_eq[three]',
      'passed test_product[a-1]',
      'passed test_product[a-2]',
      'passed test_product[b-1]',
      'passed test_product[b-2]',
      'skipped test_later',
      'passed test_new',
      'failed test_bad',
    ])
    expect(report().suites[0].tests.at(-1).location).toMatchObject({ file: 'test_a.py', line: 11 })
  })

  it('brings raises, approx, tmp_path, capsys and monkeypatch', () => {
    const { exitCode, output } = run({
      'test_a.py': `import os, pytest
def test_raises():
    with pytest.raises(ValueError, match='b.d') as info:
        raise ValueError('bad')
    assert info.value.args == ('bad',)
def test_not_raised():
    with pytest.raises(pytest.fail.Exception if hasattr(pytest.fail, 'Exception') else BaseException):
        with pytest.raises(KeyError): pass
def test_approx(): assert [0.1 + 0.2, {'a': 1.0000001}] == [pytest.approx(0.3), pytest.approx({'a': 1})]
def test_tools(tmp_path, capsys, monkeypatch):
    (tmp_path / 'a').write_text('x')
    print('out')
    assert capsys.readouterr().out == 'out\\n'
    monkeypatch.setenv('VITRINE_X', '1')
    monkeypatch.setattr(os.path, 'exists', lambda path: 'patched')
    assert os.path.exists('') == 'patched'
def test_undone(): assert 'VITRINE_X' not in os.environ and os.path.exists('/nope') is False
`,
    })
    expect(output).toContain('5 passed')
    expect(exitCode).toBe(0)
  })

  it('runs unittest classes', () => {
    const { report } = run({
      'test_a.py': `import unittest
class T(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.shared = 1
    def setUp(self): self.own = 2
    def test_b(self): self.assertEqual(self.shared + self.own, 3)
    def test_a(self): self.assertEqual(self.own, 3)
    @unittest.skip('x')
    def test_c(self): pass
    @unittest.expectedFailure
    def test_d(self): self.fail()
`,
    })
    expect(statuses(report())).toEqual([
      'passed T > test_b',
      'failed T > test_a',
      'skipped T > test_c',
      'skipped T > test_d',
    ])
  })

  it('selects by -k, stops by -x, and ends with pytest’s exit codes', () => {
    const files = { 'test_a.py': 'def test_add(): pass\ndef test_sub(): assert 0\ndef test_mul(): assert 0\n' }
    expect(run(files, '-k', 'add or nothing').output).toContain('1 passed, 2 deselected')
    expect(run(files, '-x').output).toContain('1 failed, 1 passed')
    expect(run(files, 'test_a.py::test_add').exitCode).toBe(0)
    expect(run(files, '-k', 'nothing').exitCode).toBe(5)
    expect(run(files, '--no-such').exitCode).toBe(4)
    expect(run({ 'test_a.py': 'def broken(:\n' }).exitCode).toBe(2)
  })

  it('stops where a test says so, and still tells what has run', () => {
    const tests = `import pytest\ndef test_a(): pass\ndef test_b(): pytest.exit('enough', returncode=7)\ndef test_c(): pass\n`
    const { output, exitCode } = run({ 'test_a.py': tests })
    expect(exitCode).toBe(7)
    expect(output).toContain('! Exit: enough !')
    expect(output).toContain('1 passed')
  })
})
