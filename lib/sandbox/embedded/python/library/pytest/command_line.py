"""The command `pytest` and its options."""

import re
import sys

from .outcomes import Exit, UsageError
from .run import Run
from .version import BANNER, __version__

HELP = """usage: pytest [options] [file_or_dir[::test]] ...

  -k EXPRESSION   only tests whose names match, e.g. -k "add and not slow"
  -m MARK         only tests with the mark
  -x, --maxfail=N stop after the first (or N) failures
  -q, -v          less or more output
  -s              show what tests print as it comes
  --tb=short|line|no
  --collect-only  list tests
  --json=FILE     write a report
"""


def parse_args(args):
    options = {"keyword": "", "markexpr": "", "maxfail": 0, "verbose": 0, "nocapture": False, "tb": "short", "collect": False, "json": None, "contains": "", "rest": []}
    words = list(args)
    while words:
        word = words.pop(0)
        name, _, value = word.partition("=")
        if word in ("-x", "--exitfirst"):
            options["maxfail"] = 1
        elif name in ("-k", "-m"):
            options["keyword" if name == "-k" else "markexpr"] = value or words.pop(0)
        elif name == "--maxfail":
            options["maxfail"] = int(value or words.pop(0))
        elif name == "--tb":
            options["tb"] = value or words.pop(0)
        elif name == "--contains":
            options["contains"] = value or words.pop(0)
        elif name == "--json":
            options["json"] = value or words.pop(0)
        elif word in ("-s", "--capture=no"):
            options["nocapture"] = True
        elif word in ("--collect-only", "--co"):
            options["collect"] = True
        elif word in ("--verbose",) or re.fullmatch(r"-v+", word):
            options["verbose"] += 1 if word == "--verbose" else len(word) - 1
        elif word == "--quiet" or re.fullmatch(r"-q+", word):
            options["verbose"] -= 1 if word == "--quiet" else len(word) - 1
        elif word in ("-h", "--help"):
            print(HELP)
            return None
        elif word == "--version":
            print(f"pytest {__version__}")
            return None
        elif name in ("-p", "-c", "-o", "-W", "-r", "--rootdir", "--ignore", "--durations", "--color", "--import-mode") or word.startswith("-r"):
            if not value and name in ("-p", "-c", "-o", "-W", "--rootdir", "--ignore") and words:
                words.pop(0)
        elif word in ("--strict-markers", "--disable-warnings", "-l", "--showlocals", "--no-header", "--no-summary", "--cache-clear"):
            pass
        elif word.startswith("-"):
            raise UsageError(f"unrecognized arguments: {word}\nThis is {BANNER}; --help lists what it knows.")
        else:
            options["rest"].append(word)
    return options


def main(args=None, plugins=None):
    try:
        options = parse_args(sys.argv[1:] if args is None else [str(word) for word in args])
        return 0 if options is None else Run(options).main()
    except Exit as error:
        sys.stderr.write(f"Exit: {error}\n")
        return 2 if error.returncode is None else error.returncode
    except UsageError as error:
        sys.stderr.write(f"ERROR: {error}\n")
        return 4
