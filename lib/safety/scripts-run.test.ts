import { describe, expect, it } from 'vitest'
import { gateEffect } from './gate'

const files: Record<string, string> = {
  'package.json': JSON.stringify({
    scripts: {
      build: 'tsc -p .',
      setup: 'npm install left-pad',
      pretest: 'sh scripts/fetch.sh',
      test: 'vitest run',
      deep: 'npm run deeper',
      deeper: 'bash -c "./scripts/fetch.sh"',
      round: 'npm run round',
      lint: 'npx eslint .',
      cow: 'npx cowsay hi',
      renamed: 'X=npm; $X install left-pad',
      postversion: 'npm publish',
      prepare: 'npx husky install',
      start: 'npx cowsay up',
    },
    devDependencies: { eslint: '^9.0.0' },
  }),
  'scripts/fetch.sh': '#!/bin/sh\nset -e\nnpm view $NAME\n',
  'bin/fetch': '#!/bin/sh\nnpm view $NAME\n',
  'scripts/renamed.sh': 'X=npm\n$X install left-pad\n',
  'scripts/unreadable.sh': 'echo "$(echo \'a)"\nnpm install left-pad\n',
  'tmp/fetch.sh': 'echo ok\n',
  Makefile:
    'RUN = vitest run\n.PHONY: test\ntest: build # all\n\t@echo $@ $$HOME && \\\n\t  $(RUN)\nbuild: ; -tsc -p .\n',
  'mk/Makefile': 'NPM ?= npm\nall:\n\t-@$(NPM) install left-pad\n',
  'mk/shell.mk': 'V := $(shell npm view left-pad version)\nall:\n\techo $(V)\n',
  'mk/inner.mk': 'include mk/shell.mk\nall:\n\t$(MAKE) test\n',
  'mk/added.mk': 'DO = npm\nDO += install left-pad\nall:\n\t$(DO)\n',
  'mk/target.mk': 'DO = echo\nall: DO = npm install left-pad\nall:\n\t$(DO)\n',
  'mk/first.mk': 'all: npm\n\t$< install left-pad\n',
  'mk/includes.mk': 'DO = echo\ninclude mk/value.mk\nall:\n\t$(DO)\n',
  'mk/value.mk': 'DO = npm install left-pad\n',
  'mk/pattern.mk': 'include mk/*.mk\n',
  'mk/output.mk': 'V != npm install left-pad\nall:\n\techo $(V)\n',
  'mk/unknown.mk': 'all:\n\t$(WHAT) left-pad\n',
  // Backslashes that make reads otherwise than at first sight.
  'mk/even.mk': 'all:\n\techo a \\\\\n\tnpm install left-pad\n',
  'mk/comment.mk': '# a \\\\\nall:\n\t# b \\\n\tnpm install left-pad\n',
  // Texts of make that end the command before.
  'mk/quiet.mk': 'Q = @\nall:\n\t$(Q)npm install left-pad\n',
  'mk/define.mk': 'define run\nnpm install left-pad\nendef\nall:\n\t$(run)\n',
  'mk/braces.mk': 'V := $(shell echo {a,b}; npm view left-pad)\nall:\n\techo $(V)\n',
  'mk/inline.mk': 'X = a.c\n all: $(X:.c=.o); npm install left-pad\n',
  'mk/rule.mk': 'R = all:; npm install left-pad\n$(R)\n',
  'mk/unset.mk': 'all:\n\t$(NOTHING)npm install left-pad\n',
  'mk/indented.mk': '  include \\\n mk/define.mk\n',
  'mk/letter.mk': 'X = ; npm install left-pad\nall:\n\techo $X\n',
  'mk/order.mk': 'A := $(B) npm install left-pad\nB = \\#\nall:\n\t$(A)\n',
  'mk/again.mk': 'X = a\nX = ; npm install left-pad\nall:\n\techo $(X)\n',
  'mk/computed.mk': 'RUN = echo\nN = RUN\n$(N) = npm install left-pad\nall:\n\t$(RUN)\n',
  'mk/targets.mk': 'RUN = echo\nX = a.c\nall $(X:.c=.o): RUN = npm install left-pad\nall:\n\t$(RUN)\n',
  'mk/function.mk': 'all:\n\t@echo a $(subst x,;,x) npm install left-pad\n',
  'mk/tab.mk': 'RUN = echo\nX = 1\n\tRUN = npm install left-pad\nall:\n\t$(RUN)\n',
  'mk/default.mk': 'RUN ?= echo\nall:\n\t$(RUN) install left-pad\n',
  'mk/doubled.mk': `${[0, 1, 2, 3, 4, 5, 6].map((at) => `V${at} = ${`$(V${at + 1})`.repeat(90)}\n`).join('')}all:\n\techo $(V0)\n`,
  'mk/grown.mk': `${'X := $(X)$(X)a\n'.repeat(3000)}${'Y += $(Y) a\n'.repeat(3000)}all:\n\techo $(X) $(Y)\n`,
  'mk/joined.mk': `${'x \\\n'.repeat(50_000)}\nall:\n\t$(WHAT)\n`,
  'mk/calls.mk': `all:\n\techo ${'$(shell '.repeat(20_000)}\n`,
  // What make and the shell read one line at a time, and otherwise than all of them together.
  'mk/quotes.mk': "all:\n\t-@echo it's\n\t@npm install left-pad\n\t-@echo it's\n",
  'mk/document.mk': 'all:\n\t@cat <<X\n\t@npm install left-pad\nX:\n',
  'mk/called.mk': 'all: $(shell\\\n npm install left-pad)\n',
  'mk/make.mk': 'MAKE = npm install left-pad;\nall:\n\t$(MAKE)\n',
  'mk/hash.mk': "all: ; echo 'a#b'; npm install left-pad\n",
  'mk/nested.mk': 'define A\ndefine B\nx\nendef\nnpm install left-pad\nendef\nall:\n\t$(A)\n',
  'mk/undefine.mk': 'Q = echo\nundefine Q\nall:\n\t$(Q) npm install left-pad\n',
  'mk/branch.mk': 'ifdef NOPE\nQ = echo\nendif\nall:\n\t$(Q) npm install left-pad\n',
  'mk/canned.mk': 'define run\n@echo a\n$(1) install left-pad\nendef\nall:\n\t$(call run,npm)\n',
  'mk/branches.mk': 'ifdef A\nP = echo\nendif\nifndef A\nQ = npm\nendif\nall:\n\t$(P) $(Q) install left-pad\n',
  'mk/quoted.mk': "all:\n\techo '$(subst x,',x); npm install left-pad #'\n",
  'mk/escaped.mk': 'all:\n\techo "a$(subst x,\\,x)" "; npm install left-pad #"\n',
  'mk/dollar.mk': 'all:\n\techo "$(subst x,$$,x)(npm install left-pad)"\n',
  'mk/names.mk': "all: x'y\nx'y:\n\techo '$@; npm install left-pad #'\n",
  'mk/builtin.mk': 'F = shell\nall: $(call $(F),npm install left-pad)\n',
  'mk/eval.mk': 'RUN = echo\nifeq ($(eval RUN = npm):,:)\nendif\nall:\n\t$(RUN) install left-pad\n',
  'mk/dashed.mk': 'my-run ?= echo\nall:\n\t$(my-run) install left-pad\n',
  'mk/outer.mk': 'include mk/echo.mk\nRUN = npm install left-pad\nall:\n\t$(RUN)\n',
  'mk/echo.mk': 'RUN = echo\nB = ; npm install left-pad\n',
  'mk/late.mk': 'include mk/echo.mk\nA := echo $(B)\nall:\n\t$(A)\n',
  'mk/added-make.mk': 'MAKE += -f mk/define.mk\nall:\n\t$(MAKE)\n',
  'mk/exports.mk': 'export RUN = npm\nall:\n\t$(MAKE) -f mk/default.mk\n',
  'mk/exports-all.mk': 'RUN = npm\nall:\n\t$(MAKE) -f mk/default.mk\nexport\n',
  'mk/defined.mk': 'define X\ninclude mk/define.mk\nendef\n$(eval $(X))\n',
  'mk/round.mk': 'include mk/round.mk\nRUN = echo\nall:\n\t$(RUN)\n',
  'vars.sh': 'export RUN=npm\n',
  'mk/c.mk':
    'CC = gcc\nCFLAGS = -Wall\nCFLAGS += -O2\nV := $(shell git describe)\napp: main.o\n\t$(CC) $(CFLAGS) -o $@ $^\nclean:\n\t$(RM) app\n',
  'mk/texts.mk':
    'define log\n@echo "$(1)"\nendef\ndefine help\ndon\'t worry\nendef\nexport help\nall: $(foreach n,a b,$(n).o)\n\t$(call log,hi)\n\t@echo "$$help"\n%.o: ; touch $@\n',
  'mk/plain.mk':
    'CC ?= gcc\nSRC := $(wildcard src/*.c)\nOBJ = $(SRC:.c=.o)\nQ = @\nall: $(OBJ)\n\t$(Q)echo $(notdir $^) $(CFLAGS) && \\\n\t  node build.js\n%.o: %.c\n\techo cc -c $< -o $@\n',
  'scripts/ok.sh': '#!/bin/sh\necho ok\nnode src/main.ts\n',
  'tools/run': '#!/usr/bin/env node\nconsole.log(1)\n',
}
const judge = (command: string, rest: Partial<Parameters<typeof gateEffect>[1]> = {}) =>
  gateEffect({ kind: 'command', command }, { mode: 'auto', readScript: (path) => files[path], ...rest })

describe('what a script says is judged like what is typed', () => {
  it.each([
    'npm run setup',
    'npm run setup -- --fast',
    'npm run cow',
    'npm version patch',
    'npm pack',
    'npm restart',
    'node --run setup',
    'env CI=1 node --run setup',
    'timeout 5 node --run setup',
    'npm test',
    'npm t',
    'yarn setup',
    'pnpm run deep',
    'sh scripts/fetch.sh',
    './scripts/fetch.sh',
    'cd scripts && sh fetch.sh',
    'source scripts/fetch.sh',
    'env CI=1 npm run setup',
    'time npm run setup',
    'ls && bash -c "npm run setup"',
    'for i in 1 2; do npm run setup; done',
    'npm --loglevel error run setup',
    'npm run --loglevel error setup',
    'npm --prefix . run setup',
    'npm {run,setup}',
    'eval "npm run setup"',
    "trap 'npm run setup' EXIT",
    "shopt -s expand_aliases; alias x='npm run setup'",
    'find . -maxdepth 0 -exec npm run setup \\;',
    'find . -maxdepth 0 -exec scripts/fetch.sh {} +',
    'xargs -n 1 scripts/fetch.sh',
    'timeout 5 bin/fetch',
    'sh scripts/fetch.sh -c true',
    'bash -euo pipefail scripts/fetch.sh',
    'cd nowhere; sh scripts/fetch.sh',
    '(cd tools); sh scripts/fetch.sh',
    'PATH=scripts:$PATH; cd scripts; fetch.sh',
    'make -C mk',
    'cd mk && make all',
    'timeout 5 make --directory=mk',
    'make -f mk/shell.mk',
    'make -f mk/output.mk',
    'make -fmk/inner.mk',
    'make RUN="npm install left-pad"',
    ...['even', 'comment', 'quiet', 'define', 'braces', 'inline', 'rule', 'unset', 'indented', 'letter'].map(
      (name) => `make -f mk/${name}.mk`,
    ),
    ...['quotes', 'document', 'called', 'make', 'hash', 'nested', 'undefine', 'branch', 'canned', 'added', 'again'].map(
      (name) => `make -f mk/${name}.mk`,
    ),
    ...['outer', 'late', 'added-make', 'exports', 'exports-all', 'defined'].map((name) => `make -f mk/${name}.mk`),
    ...['includes', 'tab', 'target', 'targets'].map((name) => `make -f mk/${name}.mk`),
    'make -f mk/default.mk RUN:=npm',
    "make -f mk/default.mk RU''N=npm",
    "env RU''N=npm make -f mk/default.mk",
    'make -f mk/dashed.mk my-run=npm',
    '. ./vars.sh; make -f mk/default.mk',
    'make -kf mk/define.mk',
    'make -sC mk',
    'RUN=npm make -f mk/default.mk',
    'export RUN=npm; make -f mk/default.mk',
  ])('%s asks in auto mode, also where a rule allows it', (command) => {
    const rules = ['npm test', 'npm t', 'npm run setup', 'yarn setup', 'pnpm run deep', './scripts/fetch.sh']
    for (const mode of ['auto', 'review'] as const) {
      expect(judge(command, { mode, allowedRules: rules })).toMatchObject({ verdict: 'ask', rule: null })
    }
  })

  it.each([
    'npm run build',
    'sh scripts/ok.sh',
    './scripts/ok.sh',
    './tools/run',
    'npm run round',
    'npm run lint',
    'node src/main.ts',
    'npm run build -- --out lib setup',
    'chmod +x tools/run && ./tools/run',
    'echo done > log.txt; sh scripts/ok.sh',
    'cd scripts && sh ok.sh',
    'timeout 60 node dist/cli',
    'git commit -m merge; git show HEAD@{1}; npm run build',
    'find . -name x -exec wc -l {} + && npm run build',
    'npm run build && node dist/main.js',
    'node --version && npm run build',
    'npx vitest run && npm run build',
    'npm run lint && npm run build',
    'time cat src/node/a.js && npm run build',
    'npm run build 2>&1 | tail -5',
    'make',
    'make test RUN=x && npm run build',
    'make -C . build',
    'make -n',
    'make -f mk/plain.mk',
    'make -f mk/c.mk clean',
    'make -f mk/texts.mk',
  ])('%s runs, since nothing in it reaches out', (command) => {
    expect(judge(command)).toEqual({ verdict: 'allow' })
    expect(judge(command, { isTainted: true })).toEqual({ verdict: 'allow' })
  })

  it('says which script, and what in it', () => {
    expect(judge('npm run setup')).toMatchObject({
      reason: '“npm run setup” reaches out: Installs, downloads or removes packages.',
    })
  })
})

describe('a script that cannot be read', () => {
  it.each([
    'sh generated.sh',
    './generated.sh',
    'npm run build -w app',
    'yarn workspace @x/a build',
    'pnpm -r build',
    'pnpm --filter @x/a build',
    'cd app && npm test',
    // What it says is only known when it runs, or cannot be read.
    'npm run renamed',
    'make -f mk/unknown.mk',
    'make -f mk/none.mk',
    'make -f mk/first.mk',
    'make -f mk/pattern.mk',
    ...['order', 'computed', 'function', 'doubled', 'grown', 'joined', 'calls'].map((name) => `make -f mk/${name}.mk`),
    ...['branches', 'quoted', 'escaped', 'round', 'dollar', 'names', 'builtin', 'eval'].map(
      (name) => `make -f mk/${name}.mk`,
    ),
    'MAKEFLAGS="-- RUN=npm" make -f mk/default.mk',
    'X="-f mk/define.mk"; make $X',
    'export RUN="true; npm"; make -f mk/default.mk',
    'echo hi > Makefile && make',
    'sh scripts/renamed.sh',
    'sh scripts/unreadable.sh',
    'npm run $NAME',
    'echo setup | xargs npm run',
    'echo setup | xargs -I{} npm run {}',
    'npm run set?p',
    // The line writes it first.
    'echo hi > scripts/ok.sh && sh scripts/ok.sh',
    'cp notes.txt scripts/ok.sh && ./scripts/ok.sh',
    'sed -i s/a/b/ scripts/ok.sh; cd scripts && sh ok.sh',
    "sh -c 'echo hi > scripts/ok.sh'; sh scripts/ok.sh",
    'git checkout other && npm run build',
    'cp notes/* scripts/ && sh scripts/ok.sh',
    // A program of the project's own may write it first.
    'node rewrite.js && npm run build',
    'python3 rewrite.py; sh scripts/ok.sh',
    'tools/run && npm run build',
    'env CI=1 node rewrite.js && npm run build',
    'find . -name x -exec node rewrite.js {} + && npm run build',
    'npx tsx rewrite.ts && npm run build',
    "sh -c 'node rewrite.js; npm run build'",
    "sh -c 'node rewrite.js' && npm run build",
    'sh scripts/ok.sh && npm run build',
    'for i in 1 2; do npm run build; node rewrite.js; done',
    'npm run build & node rewrite.js',
    'f() { npm run build; }; node rewrite.js; f',
    // A file of the machine, not the project's of a like name.
    'sh /tmp/fetch.sh',
    'cd /tmp && sh fetch.sh',
  ])('%s runs by itself only while the context holds nothing foreign', (command) => {
    const rules = ['npm test', 'npm run build', './generated.sh']
    expect(judge(command)).toEqual({ verdict: 'allow' })
    expect(judge(command, { isTainted: true, allowedRules: rules })).toMatchObject({ verdict: 'ask', rule: null })
  })

  it('keeps no line waiting, however it is made', () => {
    const lines = [
      `cd a${' && b    '.repeat(200)}&`,
      'find . -exec '.repeat(200),
      'env '.repeat(200),
      '{a,'.repeat(200),
      `echo ${'{a,b,c,d,e,f,g,h}'.repeat(6)}`,
      `echo {${'a,'.repeat(5000)}}{${'a,'.repeat(5000)}}`,
      '{}'.repeat(5000),
      `env ${'node --version '.repeat(20_000)}; npm run build`,
    ]
    // Work that grows with the square of a line would meet the time limit of every test.
    for (const line of lines) expect(judge(line, { isTainted: true }).verdict).toBeDefined()
  })

  it('is one that is too long or nests too deeply, too', () => {
    const long = { 'a.sh': 'echo 1\n'.repeat(50_000) }
    const verdict = gateEffect(
      { kind: 'command', command: 'sh a.sh' },
      { mode: 'auto', isTainted: true, readScript: (path) => long[path as 'a.sh'] },
    )
    expect(verdict.verdict).toBe('ask')
  })
})

it('finds scripts by the place that the project has in the sandbox', () => {
  for (const line of ['cd /home/project && npm run lint', 'sh /home/project/scripts/ok.sh'])
    expect(judge(line), line).toEqual({ verdict: 'allow' })
  for (const line of ['cd /home/project && npm run setup', 'cd src && sh /home/project/scripts/fetch.sh'])
    expect(judge(line), line).toMatchObject({ verdict: 'ask', rule: null })
})
