"""The command `pytest`: its options, and a run from collecting to the exit code."""

import os
import re
import sys
import time

from .collection import Collector, Config, test_files
from .outcomes import Exit, Skipped, UsageError
from .report import write_report
from .selection import is_selected
from .session import Session
from .terminal import Painter, line_of, run_all, show_failures, summary
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
    options = {"keyword": "", "markexpr": "", "maxfail": 0, "verbose": 0, "nocapture": False, "tb": "short", "collect": False, "json": None, "contains": "", "rest": [], "durations": None}
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
        return 0 if options is None else run(options)
    except UsageError as error:
        sys.stderr.write(f"ERROR: {error}\n")
        return 4


def run(options):
    paint = Painter()
    verbose = options["verbose"]
    config = Config(options)
    session = Session(config)
    started = time.perf_counter()
    say = lambda text="": print(text, flush=True)
    if verbose >= 0:
        say(line_of("test session starts"))
        say(f"platform {sys.platform} -- Python {sys.version.split()[0]}, {BANNER}")
        say(f"rootdir: {os.getcwd()}")
    selectors = [word.split("::") for word in options["rest"]] or [["."]]
    for path, *_ in selectors:
        if not os.path.exists(path):
            raise UsageError(f"file or directory not found: {path}")
    collector = Collector(session)
    errors = []
    for file in test_files([path for path, *_ in selectors]):
        try:
            collector.file(file)
        except Skipped as error:
            errors.append((file, error))
        except (KeyboardInterrupt, Exit, UsageError):
            raise
        except BaseException as error:
            errors.append((file, error))
    skipped_files = [(file, error) for file, error in errors if isinstance(error, Skipped)]
    errors = [(file, error) for file, error in errors if not isinstance(error, Skipped)]
    items = [item for item in collector.items if is_selected(item, selectors, options)]
    deselected = len(collector.items) - len(items)
    if verbose >= 0:
        more = f" / {len(errors)} error{'s' if len(errors) != 1 else ''}" if errors else ""
        more += f" / {deselected} deselected / {len(items)} selected" if deselected else ""
        say(f"collected {len(collector.items)} item{'s' if len(collector.items) != 1 else ''}{more}")
        say()
    if options["collect"]:
        for item in items:
            say(item.nodeid)
        return 0 if items else 5
    reports = []
    interrupted = False
    try:
        if not errors:
            reports = run_all(session, items, options, paint)
    except KeyboardInterrupt:
        interrupted = True
        say("\n" + line_of("KeyboardInterrupt", paint, "31", "!"))
    show_failures(reports, errors, options, paint, say)
    seconds = time.perf_counter() - started
    summary(reports, errors, deselected, len(skipped_files), seconds, verbose, paint, say)
    if options["json"]:
        write_report(options["json"], reports, errors, seconds)
    failed = any(report.outcome in ("failed", "error") for report in reports)
    if interrupted:
        return 2
    if errors:
        return 2
    return 1 if failed else 0 if reports or skipped_files else 5
