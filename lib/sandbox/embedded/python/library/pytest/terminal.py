"""What a run shows."""

import os
import sys
import traceback

from .outcomes import Failed
from .report import user_frames
from .running import run_item


class Painter:
    def __init__(self):
        self.on = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def __call__(self, text, code):
        return f"\x1b[{code}m{text}\x1b[0m" if self.on else text


def line_of(title, paint=None, code="0", fill="="):
    width = 80
    text = f" {title} ".center(width, fill)
    return paint(text, code) if paint else text


LETTERS = {"passed": (".", "32"), "failed": ("F", "31"), "error": ("E", "31"), "skipped": ("s", "33"), "xfailed": ("x", "33"), "xpassed": ("X", "33")}
WORDS = {"passed": "PASSED", "failed": "FAILED", "error": "ERROR", "skipped": "SKIPPED", "xfailed": "XFAIL", "xpassed": "XPASS"}


def run_all(session, items, options, paint):
    reports = []
    verbose = options["verbose"]
    shown = None
    column = 0
    failures = 0
    for index, item in enumerate(items):
        following = items[index + 1] if index + 1 < len(items) else None
        report = run_item(session, item, following)
        reports.append(report)
        letter, code = LETTERS[report.outcome]
        percent = f"[{(index + 1) * 100 // len(items):3d}%]"
        if verbose > 0:
            reason = f" ({report.reason})" if report.reason and report.outcome != "passed" else ""
            text = f"{item.nodeid} {paint(WORDS[report.outcome] + reason, code)}"
            print(text + " " * max(1, 72 - len(item.nodeid) - len(WORDS[report.outcome]) - len(reason)) + percent, flush=True)
        else:
            if verbose == 0 and shown != item.path:
                if shown is not None:
                    print()
                name = os.path.relpath(item.path)
                print(f"{name} ", end="")
                column = len(name) + 1
                shown = item.path
            print(paint(letter, code), end="", flush=True)
            column += 1
            is_last_of_file = following is None or (verbose == 0 and following.path != item.path)
            if is_last_of_file:
                print(" " * max(1, 72 - column) + percent, end="" if following else "\n", flush=True)
            elif column >= 71:
                print(f" {percent}")
                column = 0
        if report.outcome in ("failed", "error"):
            failures += 1
            if options["maxfail"] and failures >= options["maxfail"]:
                if verbose <= 0:
                    print()
                print(line_of(f"stopping after {failures} failures", paint, "31", "!"))
                if following is not None:
                    try:
                        session.close_after(item, None)
                    except BaseException as error:
                        print(f"teardown: {error!r}", file=sys.stderr)
                break
    return reports


def show_failures(reports, errors, options, paint, say):
    if errors:
        say()
        say(line_of("ERRORS"))
        for file, error in errors:
            say(line_of(f"ERROR collecting {os.path.relpath(file)}", paint, "31", "_"))
            if isinstance(error, ImportError):
                say(f"ImportError while importing test module '{file}'.")
            show_error(error, options, paint, say)
    for outcome, title in (("error", "ERRORS"), ("failed", "FAILURES")):
        bad = [report for report in reports if report.outcome == outcome]
        if not bad or options["tb"] == "no":
            continue
        say()
        say(line_of(title))
        for report in bad:
            name = ".".join([*([report.item.cls.__name__] if report.item.cls else []), report.item.name])
            say(line_of(f"ERROR at setup of {name}" if outcome == "error" else name, paint, "31", "_"))
            show_error(report.error, options, paint, say)
            if report.output:
                say(line_of("Captured output", fill="-"))
                say(report.output.rstrip("\n"))


def show_error(error, options, paint, say):
    frames = user_frames(error)
    message = "".join(traceback.format_exception_only(type(error), error)).rstrip("\n")
    if isinstance(error, Failed):
        message = f"Failed: {error}"
    if options["tb"] == "line":
        place = f"{frames[-1].filename}:{frames[-1].lineno}: " if frames else ""
        say(place + message.split("\n")[0])
        return
    for frame in frames:
        say(f"{os.path.relpath(frame.filename)}:{frame.lineno}: in {frame.name}")
        if frame.line:
            say(f"    {frame.line}")
    for line in message.split("\n"):
        say(paint(f"E   {line}", "31"))
    cause = error.__cause__
    if cause is not None:
        say("The cause:")
        show_error(cause, options, paint, say)


def summary(reports, errors, deselected, skipped_files, seconds, verbose, paint, say):
    bad = [report for report in reports if report.outcome in ("failed", "error")]
    if bad or errors:
        say(line_of("short test summary info"))
        for file, _error in errors:
            say(f"ERROR {os.path.relpath(file)}")
        for report in bad:
            first = str(report.error).strip().split("\n")[0]
            kind = type(report.error).__name__
            text = first if isinstance(report.error, (AssertionError, Failed)) else f"{kind}: {first}"
            say(f"{WORDS[report.outcome]} {report.item.nodeid}{f' - {text}' if first else ''}"[:160])
    counts = {}
    for report in reports:
        counts[report.outcome] = counts.get(report.outcome, 0) + 1
    counts["skipped"] = counts.get("skipped", 0) + skipped_files
    errors_count = counts.pop("error", 0) + len(errors)
    parts = [f"{counts[name]} {name}" for name in ("failed", "passed", "skipped") if counts.get(name)]
    if deselected:
        parts.append(f"{deselected} deselected")
    parts += [f"{counts[name]} {name}" for name in ("xfailed", "xpassed") if counts.get(name)]
    if errors_count:
        parts.append(f"{errors_count} error{'s' if errors_count != 1 else ''}")
    text = f"{', '.join(parts) or 'no tests ran'} in {seconds:.2f}s"
    code = "31" if bad or errors else "32" if counts.get("passed") else "33"
    say(paint(text, code) if verbose < 0 else line_of(text, paint, code))
