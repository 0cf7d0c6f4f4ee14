"""A run from collecting to the exit code."""

import os
import sys
import time

from .collection import Collector, Config, test_files
from .outcomes import Exit, Skipped, UsageError
from .report import write_report
from .running import run_item
from .selection import is_selected
from .session import Session
from .terminal import Terminal


class Run:
    def __init__(self, options):
        self.options = options
        self.terminal = Terminal(options)
        self.session = Session(Config(options))
        self.items, self.deselected = [], 0
        # Files that could not be collected, with the error, and those that said at once that they are skipped.
        self.errors, self.skipped_files = [], []
        self.reports = []
        self.seconds = 0

    def main(self):
        """Everything, up to the exit code."""
        started = time.perf_counter()
        self.terminal.start()
        self.collect()
        self.terminal.collected(self)
        if self.options["collect"]:
            for item in self.items:
                self.terminal.say(item.nodeid)
            return 0 if self.items else 5
        stopped = self.run_items() if not self.errors else None
        self.terminal.failures(self)
        self.seconds = time.perf_counter() - started
        self.terminal.summary(self)
        if self.options["json"]:
            write_report(self.options["json"], self)
        return self.exit_code() if stopped is None else stopped

    def exit_code(self):
        if self.errors:
            return 2
        if any(report.outcome in ("failed", "error") for report in self.reports):
            return 1
        return 0 if self.reports or self.skipped_files else 5

    def collect(self):
        selectors = [word.split("::") for word in self.options["rest"]] or [["."]]
        for path, *_ in selectors:
            if not os.path.exists(path):
                raise UsageError(f"file or directory not found: {path}")
        collector = Collector(self.session)
        for file in test_files([path for path, *_ in selectors]):
            try:
                collector.file(file)
            except Skipped as error:
                self.skipped_files.append((file, error))
            except (KeyboardInterrupt, Exit, UsageError):
                raise
            except BaseException as error:
                self.errors.append((file, error))
        self.items = [item for item in collector.items if is_selected(item, selectors, self.options)]
        self.deselected = len(collector.items) - len(self.items)

    def run_items(self):
        """The exit code when somebody stops the run, else None."""
        try:
            for done, item in enumerate(self.items, 1):
                following = self.items[done] if done < len(self.items) else None
                report = run_item(self.session, item, following)
                self.reports.append(report)
                self.terminal.progress(report, done, self.items)
                if self.has_enough_failures():
                    self.close(item, following)
                    return None
        except KeyboardInterrupt:
            self.terminal.stopped("KeyboardInterrupt")
            return 2
        except Exit as error:
            self.terminal.stopped(f"Exit: {error}")
            return 2 if error.returncode is None else error.returncode
        return None

    def has_enough_failures(self):
        failures = sum(report.outcome in ("failed", "error") for report in self.reports)
        maxfail = self.options["maxfail"]
        if not maxfail or failures < maxfail:
            return False
        self.terminal.stopped(f"stopping after {failures} failures")
        return True

    def close(self, item, following):
        if following is None:
            return
        try:
            self.session.close_after(item, None)
        except BaseException as error:
            print(f"teardown: {error!r}", file=sys.stderr)
