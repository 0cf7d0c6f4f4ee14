import { describe, expect, it } from 'vitest'
import { createFakeHost } from '../../process/testing/fake-host'
import { shell } from '../shell'

/** Commands of recipes are not run: `<command>` stands for their output, and `fail` fails. */
async function make(line: string, files: Record<string, string>) {
  const fake = createFakeHost(['sh', '-c', line], files, ([, , command = '']) => ({
    stdout: command.startsWith('@') ? '' : `<${command}>\n`,
    exitCode: command.includes('fail') ? 3 : 0,
  }))
  const code = await shell(fake.host)
  return { code, stdout: fake.stdout(), stderr: fake.stderr() }
}

describe('make', () => {
  it.each([
    [
      'the first target, after what it needs',
      'make',
      'all: lib\n\tone $@\nlib:\n\t@two $<\n',
      '<two >\none all\n<one all>\n',
    ],
    ['what is named', 'make b', 'a:\n\tno\nb: ; @inline\n', '<inline>\n'],
    [
      'nothing for a file that is newer than what it needs',
      'make out.txt',
      'out.txt: in.txt\n\tno\n',
      "make: 'out.txt' is up to date.\n",
    ],
    [
      'a phony target whatever its file is',
      'make out.txt',
      '.PHONY: out.txt\nout.txt: in.txt\n\t@yes $< $?\n',
      '<yes in.txt in.txt>\n',
    ],
    [
      'by patterns, with the stem',
      'make x.js',
      '%.js: %.ts\n\t@tsc $< > $@ # $*\nx.ts:\n\t@gen $@\n',
      '<gen x.ts>\n<tsc x.ts > x.js # x>\n',
    ],
    ['no command with -n', 'make -n', 'a:\n\t@quiet\n\tloud\n', 'quiet\nloud\n'],
    ['lines that go on as one', 'make', 'a:\n\t@one \\\n\t  two\n', '<one \\\n  two>\n'],
    ['a definition of several lines as several', 'make', 'define D\n@one\n@two\nendef\na:\n\t$(D)\n', '<one>\n<two>\n'],
    ['all lines in one shell', 'make', '.ONESHELL:\na:\n\t@one\n\ttwo\n', '<one\ntwo>\n'],
    ['on after an error that a dash forgives', 'make', 'a:\n\t-@fail\n\t@next\n', '<fail>\n<next>\n'],
  ])('makes %s', async (_what, line, text, stdout) => {
    expect(await make(line, { Makefile: text, 'in.txt': '', 'out.txt': '' })).toMatchObject({ code: 0, stdout })
  })

  it.each([
    ['A = 1\nB := $(A)\nA = 2\nV = $(A)$(B)', '21'],
    ['V ?= no\nV += more', 'given more'],
    ['W = x\nW ?= y\nV := $(W)', 'x'],
    ['V := $(patsubst %.c,%.o,a.c b.h) $(filter-out a,a b) $(sort c b c)', 'a.o b.h b b c'],
    ['V := $(foreach x,1 2,[$(x)])$(if ,a,b)$(words a b)$(call F,p,q)\nF = $(2)$(1)', '[1] [2]b2'],
    ['F = $(2)$(1)\nV := $(call F,p,q) $(notdir a/b.c) $(basename a/b.c) $(subst a,o,banana)', 'qp b.c a/b bonono'],
    ['L = a.c b.c\nV := $(L:.c=.o) $(L:%.c=x%)', 'a.o b.o xa xb'],
    ['V := $(wildcard *.txt) $(shell list)', 'in.txt <list>'],
    ['ifeq ($(GIVEN),)\nV := none\nelse ifdef NOPE\nV := no\nelse\nV := yes\nendif', 'none'],
    ['V := a$$b # comment', 'a$b '],
  ])('reads %j', async (text, value) => {
    const files = { Makefile: `${text}\nall:\n\t@echo [$(V)]\n`, 'in.txt': '' }
    const line = text.startsWith('V ?=') ? 'V=given make' : 'make'
    expect((await make(line, files)).stdout).toBe(`<echo [${value}]>\n`)
  })

  it('takes variables of the command line before those of the file, and hands them to commands', async () => {
    const files = { Makefile: 'V = file\nexport E = out\nall:\n\t@echo $(V) $(origin V)\n' }
    expect((await make('make V=mine', files)).stdout).toBe('<echo mine command line>\n')
  })

  it('works in another folder and says so', async () => {
    const { stdout } = await make('make -C sub', { 'sub/Makefile': 'all: ; @echo $(CURDIR)\n' })
    expect(stdout).toBe(
      "make: Entering directory '/home/project/sub'\n<echo /home/project/sub>\nmake: Leaving directory '/home/project/sub'\n",
    )
  })

  it.each([
    ['make', {}, '*** No targets specified and no makefile found.  Stop.'],
    ['make nope', { Makefile: 'a:\n' }, "*** No rule to make target 'nope'.  Stop."],
    ['make', { Makefile: 'a: b\n\tx\n' }, "*** No rule to make target 'b', needed by 'a'.  Stop."],
    ['make', { Makefile: 'a:\n\t@one\n\t@fail\n\tno\n' }, '*** [Makefile:3: a] Error 3'],
    [
      'make',
      { Makefile: 'a:\n        x\n' },
      'Makefile:2: *** missing separator (did you mean TAB instead of 8 spaces?).  Stop.',
    ],
    ['make', { Makefile: '$(error stop here)\n' }, 'Makefile:1: *** stop here.  Stop.'],
    ['make', { Makefile: '$(eval a:)\n' }, '$(eval …) is not available here'],
    ['make -k', { Makefile: 'a: b c\nb:\n\t@fail\nc:\n\t@go\n' }, "make: Target 'a' not remade because of errors."],
  ])('%s of %j ends with %s', async (line, files, message) => {
    const { code, stderr } = await make(line, files as Record<string, string>)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})
