"""The report of a run for programs, and where in the user's files an error arose."""

import json
import os
import traceback

from .outcomes import Failed


def user_frames(error):
    own = os.path.dirname(os.path.abspath(__file__)) + os.sep
    frames = []
    for frame in traceback.extract_tb(error.__traceback__):
        hidden = frame.filename == "<vitrine>" or frame.filename.startswith(own) or "/unittest/" in frame.filename or frame.filename.startswith("<frozen")
        if not hidden:
            frames.append(frame)
    return frames


def write_report(path, run):
    suites = {}
    for file, error in run.errors:
        suites[os.path.relpath(file)] = {"file": os.path.relpath(file), "error": describe(error), "tests": []}
    for report in run.reports:
        file = os.path.relpath(report.item.path)
        suite = suites.setdefault(file, {"file": file, "tests": []})
        status = {"error": "failed", "xfailed": "skipped", "xpassed": "passed"}.get(report.outcome, report.outcome)
        test = {"name": " > ".join(report.item.nodeid.split("::")[1:]), "status": status, "durationMs": report.seconds * 1000}
        if status == "failed":
            test["error"] = describe(report.error)
            frames = [frame for frame in user_frames(report.error) if frame.filename == report.item.path] or user_frames(report.error)
            if frames:
                test["location"] = {"file": os.path.relpath(frames[-1].filename), "line": frames[-1].lineno, "column": (frames[-1].colno or 0) + 1}
        suite["tests"].append(test)
    tests = [test for suite in suites.values() for test in suite["tests"]]
    count = lambda status: sum(test["status"] == status for test in tests)
    result = {"passed": count("passed"), "failed": count("failed") + len(run.errors), "skipped": count("skipped"), "durationMs": run.seconds * 1000, "suites": list(suites.values())}
    with open(path, "w") as file:
        json.dump(result, file)


def describe(error):
    lines = [f"Failed: {error}" if isinstance(error, Failed) else "".join(traceback.format_exception_only(type(error), error)).rstrip("\n")]
    frames = user_frames(error)
    if frames:
        lines.append(f"    at {os.path.relpath(frames[-1].filename)}:{frames[-1].lineno}")
    return "\n".join(lines)
