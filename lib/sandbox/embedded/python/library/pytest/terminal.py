"""What a run shows, as `-q`, `-v` and `--tb` want it."""

import os
import sys
import traceback

from .outcomes import Failed
from .report import user_frames
from .version import BANNER

LETTERS = {"passed": (".", "32"), "failed": ("F", "31"), "error": ("E", "31"), "skipped": ("s", "33"), "xfailed": ("x", "33"), "xpassed": ("X", "33")}
WORDS = {"passed": "PASSED", "failed": "FAILED", "error": "ERROR", "skipped": "SKIPPED", "xfailed": "XFAIL", "xpassed": "XPASS"}
RED, GREEN, YELLOW = "31", "32", "33"


class Terminal:
    def __init__(self, options):
        self.verbose, self.tb = options["verbose"], options["tb"]
        self.is_colored = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.shown = None
        self.column = 0

    def say(self, text=""):
        print(text, flush=True)

    def paint(self, text, code):
        return f"\x1b[{code}m{text}\x1b[0m" if self.is_colored else text

    def title(self, text, code=None, fill="="):
        line = f" {text} ".center(80, fill)
        self.say(self.paint(line, code) if code else line)

    def start(self):
        if self.verbose < 0:
            return
        self.title("test session starts")
        self.say(f"platform {sys.platform} -- Python {sys.version.split()[0]}, {BANNER}")
        self.say(f"rootdir: {os.getcwd()}")

    def collected(self, run):
        if self.verbose < 0:
            return
        more = f" / {count_of(run.errors, 'error')}" if run.errors else ""
        more += f" / {run.deselected} deselected / {len(run.items)} selected" if run.deselected else ""
        self.say(f"collected {count_of([*run.items, *[None] * run.deselected], 'item')}{more}")
        self.say()

    def progress(self, report, done, items):
        """`done` of the items have run, the last one with this report."""
        following = items[done] if done < len(items) else None
        percent = f"[{done * 100 // len(items):3d}%]"
        if self.verbose > 0:
            self.verbose_line(report, percent)
        else:
            self.letter(report, percent, following)

    def verbose_line(self, report, percent):
        word, nodeid = WORDS[report.outcome], report.item.nodeid
        reason = f" ({report.reason})" if report.reason and report.outcome != "passed" else ""
        gap = " " * max(1, 72 - len(nodeid) - len(word) - len(reason))
        self.say(f"{nodeid} {self.paint(word + reason, LETTERS[report.outcome][1])}{gap}{percent}")

    def letter(self, report, percent, following):
        path = report.item.path
        if self.verbose == 0 and self.shown != path:
            if self.shown is not None:
                print()
            name = os.path.relpath(path)
            print(f"{name} ", end="")
            self.column = len(name) + 1
            self.shown = path
        print(self.paint(*LETTERS[report.outcome]), end="", flush=True)
        self.column += 1
        is_last_of_file = following is None or (self.verbose == 0 and following.path != path)
        if is_last_of_file:
            print(" " * max(1, 72 - self.column) + percent, end="" if following else "\n", flush=True)
        elif self.column >= 71:
            print(f" {percent}")
            self.column = 0

    def stopped(self, reason):
        """In the middle of the items."""
        if self.verbose <= 0:
            print()
        self.title(reason, RED, "!")

    def failures(self, run):
        if run.errors:
            self.say()
            self.title("ERRORS")
        for file, error in run.errors:
            self.title(f"ERROR collecting {os.path.relpath(file)}", RED, "_")
            if isinstance(error, ImportError):
                self.say(f"ImportError while importing test module '{file}'.")
            self.error(error)
        for outcome, title in (("error", "ERRORS"), ("failed", "FAILURES")):
            bad = [report for report in run.reports if report.outcome == outcome]
            if bad and self.tb != "no":
                self.say()
                self.title(title)
                for report in bad:
                    self.failure(report)

    def failure(self, report):
        item = report.item
        name = ".".join([*([item.cls.__name__] if item.cls else []), item.name])
        self.title(f"ERROR at setup of {name}" if report.outcome == "error" else name, RED, "_")
        self.error(report.error)
        if report.output:
            self.title("Captured output", fill="-")
            self.say(report.output.rstrip("\n"))

    def error(self, error):
        frames = user_frames(error)
        message = "".join(traceback.format_exception_only(type(error), error)).rstrip("\n")
        if isinstance(error, Failed):
            message = f"Failed: {error}"
        if self.tb == "line":
            place = f"{frames[-1].filename}:{frames[-1].lineno}: " if frames else ""
            self.say(place + message.split("\n")[0])
            return
        for frame in frames:
            self.say(f"{os.path.relpath(frame.filename)}:{frame.lineno}: in {frame.name}")
            if frame.line:
                self.say(f"    {frame.line}")
        for line in message.split("\n"):
            self.say(self.paint(f"E   {line}", RED))
        if error.__cause__ is not None:
            self.say("The cause:")
            self.error(error.__cause__)

    def summary(self, run):
        bad = [report for report in run.reports if report.outcome in ("failed", "error")]
        if bad or run.errors:
            self.title("short test summary info")
        for file, _error in run.errors:
            self.say(f"ERROR {os.path.relpath(file)}")
        for report in bad:
            first = str(report.error).strip().split("\n")[0]
            text = first if isinstance(report.error, (AssertionError, Failed)) else f"{type(report.error).__name__}: {first}"
            self.say(f"{WORDS[report.outcome]} {report.item.nodeid}{f' - {text}' if first else ''}"[:160])
        outcomes = [report.outcome for report in run.reports] + ["skipped"] * len(run.skipped_files)
        counts = {name: outcomes.count(name) for name in LETTERS}
        parts = [f"{counts[name]} {name}" for name in ("failed", "passed", "skipped") if counts[name]]
        parts += [f"{run.deselected} deselected"] if run.deselected else []
        parts += [f"{counts[name]} {name}" for name in ("xfailed", "xpassed") if counts[name]]
        errors = [*run.errors, *[None] * counts["error"]]
        parts += [count_of(errors, "error")] if errors else []
        text = f"{', '.join(parts) or 'no tests ran'} in {run.seconds:.2f}s"
        code = RED if bad or errors else GREEN if counts["passed"] else YELLOW
        if self.verbose < 0:
            self.say(self.paint(text, code))
        else:
            self.title(text, code)


def count_of(things, noun):
    return f"{len(things)} {noun}{'s' if len(things) != 1 else ''}"
