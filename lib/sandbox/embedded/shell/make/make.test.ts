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
    ['on after errors of what .IGNORE names', 'make', '.IGNORE: a\na:\n\t@fail\n\t@next\n', '<fail>\n<next>\n'],
    [
      'rules that $(eval) writes',
      'make',
      'define T\n$(1): in.txt\n\t@build $$@\nendef\nall: x y\n$(foreach n,x y,$(eval $(call T,$(n))))\n',
      '<build x>\n<build y>\n',
    ],
    ['every recipe of a target with two colons', 'make', 'a:: ; @one\na:: ; @two\n', '<one>\n<two>\n'],
    ['what no rule makes by .DEFAULT', 'make b', 'a:\n.DEFAULT:\n\t@other $@\n', '<other b>\n'],
    ['what ./ stands before', 'make ./a', 'all:\na:\n\t@one $@\n', '<one a>\n'],
    [
      'a definition as quietly as the line that it stands in',
      'make',
      'define D\none\ntwo\nendef\na:\n\t@$(D)\n',
      '<one>\n<two>\n',
    ],
    ['lines of one shell without what stands before them', 'make', '.ONESHELL:\na:\n\t@one\n\t-@two\n', '<one\ntwo>\n'],
    ['what stands behind a semicolon, with its #', 'make', "a: ; @one '#' # two\n", "<one '#' # two>\n"],
    ['lines that call make also with -n', 'make -n', 'a:\n\tone\n\t$(MAKE) b\n', 'one\nmake b\n<make b>\n'],
    ['by patterns with variables of their own', 'make x.js', '%.js: V = own\nx.js:\n\t@one $(V)\n', '<one own>\n'],
    ['by the pattern that is nearest', 'make xy.o', '%.o: ; @any $@\nx%.o: ; @near $@\n', '<near xy.o>\n'],
    ['by the suffixes of files', 'make a.o', '.c.o:\n\t@cc $< $*\na.c: ; @gen $@\n', '<gen a.c>\n<cc a.c a>\n'],
    ['by suffixes that it names', 'make a.js', '.SUFFIXES: .ts .js\n.ts.js: ; @tsc $<\na.ts:\n', '<tsc a.ts>\n'],
    ['no file by suffixes that nobody named', 'make', '.ts.js: ; @no\nall: ; @all\n', '<all>\n'],
    ['no phony target by a pattern', 'make', 'all: b-x b-y\n.PHONY: b-x\nb-%: ; @one $@\n', '<one b-y>\n'],
    ['nothing twice', 'make a a', 'a:\n\t@one\n', "<one>\nmake: 'a' is up to date.\n"],
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
    ["V := $(shell '#')", "<'#'>"],
    ['A = 1\nundefine A\nV = $(A)$(origin A)', 'undefined'],
    ['override A = 1\nA = 2\noverride A += 3\nV = $(A)', '1 3'],
    ['B := $$(list)\nV := $(call B) $(call notdir,a/b)', '$(list) b'],
    ['two = $(1)$(2).\none = $(call two,$(1))\nV := $(call one,a,b)', 'a.'],
    ['fall = $(if $(1),$(firstword $(1)) $(call fall,$(wordlist 2,9,$(1))))\nV := $(call fall,a b)', 'a b '],
    ['V = $(call first,{a,b}) $(filter $(A),$(A))\nfirst = $(1)\nA = c', '{a c'],
    ['V := $(RM) $(wildcard */) $(shell list)$(.SHELLSTATUS)', 'rm -f  <list>0'],
    ['$(eval V := $$(1)x)', 'x'],
  ])('reads %j', async (text, value) => {
    const files = { Makefile: `${text}\nall:\n\t@echo [$(V)]\n`, 'in.txt': '' }
    const line = text.startsWith('V ?=') ? 'V=given make' : 'make'
    expect((await make(line, files)).stdout).toBe(`<echo [${value}]>\n`)
  })

  it.each([
    [
      'a variable of the line that called it',
      'MAKELEVEL=1 MAKEFLAGS=" -- V=a\\\\ b" make',
      'V = file\nall:\n\t@echo $(V)\n',
      '<echo a b>',
    ],
    ['its letters', 'MAKELEVEL=1 MAKEFLAGS=n make', 'all:\n\tone\n', '\none\n'],
    ['the environment first with -e', 'V=e make -e', 'V = file\nall:\n\t@echo $(V)\n', '<echo e>'],
    [
      'no variable of a target that is private',
      'make',
      'all: private V = 1\nall: b\nb:\n\t@echo [$(V)]\n',
      '<echo []>',
    ],
  ])('takes from outside %s', async (_what, line, Makefile, stdout) => {
    expect((await make(line, { Makefile })).stdout).toContain(stdout)
  })

  it('says where it works when another make called it, and to its end, also after an error', async () => {
    const { stdout, code } = await make('MAKELEVEL=1 make', { Makefile: 'a:\n\t@fail\n' })
    const place = "directory '/home/project'\n"
    expect([code, stdout]).toEqual([2, `make[1]: Entering ${place}<fail>\nmake[1]: Leaving ${place}`])
  })

  it.each([
    ['make --no-print-directory', ''],
    ['make', 'MAKEFLAGS += --no-print-directory\n'],
  ])('%s hands on that nothing is said of folders: %j', async (line, start) => {
    const env: (string | undefined)[] = []
    const fake = createFakeHost(['sh', '-c', line], { Makefile: `${start}all:\n\t@one\n` })
    const { spawn } = fake.host
    fake.host.spawn = (argv, options) => {
      env.push(options?.env?.MAKEFLAGS)
      return spawn(argv, options)
    }
    await shell(fake.host)
    expect(env).toEqual([' --no-print-directory'])
    const called = await make('MAKELEVEL=1 MAKEFLAGS=" --no-print-directory" make', { Makefile: 'all:\n\t@one\n' })
    expect(called.stdout).toBe('<one>\n')
  })

  it('answers with -q whether there is anything to do, and does nothing', async () => {
    const files = { Makefile: 'in.txt: Makefile\n\tone\nb:\n\ttwo\n', 'in.txt': '' }
    expect(await make('make -q in.txt', files)).toMatchObject({ code: 0, stdout: '' })
    expect(await make('make -q b', files)).toMatchObject({ code: 1, stdout: '', stderr: '' })
  })

  it('says once what failed, with -k too, and which goal was not made for it', async () => {
    const { stderr } = await make('make -k', { Makefile: 'all: b c\nb: x\nc: x\nx:\n\t@fail\n' })
    expect(stderr).toBe("make: *** [Makefile:5: x] Error 3\nmake: Target 'all' not remade because of errors.\n")
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
    [
      'make',
      { Makefile: 'A = $(A) x\na:\n\t$(A)\n' },
      "Makefile:1: *** Recursive variable 'A' references itself (eventually).  Stop.",
    ],
    ['make', { Makefile: 'include Makefile\na:\n' }, '*** Makefiles stand too deeply in one another.  Stop.'],
    [
      'make',
      { Makefile: 'define R\n$(eval $(value R))\nendef\n$(eval $(value R))\na:\n' },
      '*** Makefiles stand too deeply in one another.  Stop.',
    ],
    ['make', { Makefile: 'ifdef A\na:\n' }, "Makefile:3: *** missing 'endif'.  Stop."],
    ['make', { Makefile: 'a:\nendif\n' }, "Makefile:2: *** extraneous 'endif'.  Stop."],
    ['make', { Makefile: 'ifeq a b\nendif\na:\n' }, 'Makefile:1: *** invalid syntax in conditional.  Stop.'],
    ['make', { Makefile: '\tx\na:\n' }, 'Makefile:1: *** recipe commences before first target.  Stop.'],
    [
      'make',
      { Makefile: 'a:\n\tx $(sort b\n' },
      "Makefile:2: *** unterminated call to function 'sort': missing ')'.  Stop.",
    ],
    [
      'make',
      { Makefile: 'include b.mk\na:\n' },
      "Makefile:1: b.mk: No such file or directory\nmake: *** No rule to make target 'b.mk'.  Stop.",
    ],
    ['make -k', { Makefile: 'a: b c\nb:\n\t@fail\nc:\n\t@go\n' }, "make: Target 'a' not remade because of errors."],
  ])('%s of %j ends with %s', async (line, files, message) => {
    const { code, stderr } = await make(line, files as Record<string, string>)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})
