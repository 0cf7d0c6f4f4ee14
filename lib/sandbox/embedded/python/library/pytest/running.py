"""One test from its setup to its report."""

import inspect
import io
import os
import sys
import time
import unittest

from .fixtures import NOTSET
from .outcomes import Exit, Failed, Skipped, XFailed
from .session import arguments
from .test_case import call_test_case


class Report:
    def __init__(self, item, outcome, seconds, error=None, reason="", output=""):
        self.item, self.outcome, self.seconds, self.error, self.reason, self.output = item, outcome, seconds, error, reason, output
        self.subtests = []


def condition_of(one, item):
    if not one.args:
        return True
    condition = one.args[0]
    if isinstance(condition, str):
        return bool(eval(condition, {"sys": sys, "os": os, **item.module.__dict__}))
    return bool(condition)


def skip_reason(item):
    for one in item.marks:
        if one.name == "skip":
            return one.kwargs.get("reason", one.args[0] if one.args else "unconditional skip")
        if one.name == "skipif" and condition_of(one, item):
            return one.kwargs.get("reason", "")
    return None


def run_item(session, item, following):
    start = time.perf_counter()
    reason = skip_reason(item)
    report = None
    stdout, stderr = sys.stdout, sys.stderr
    output = io.StringIO()
    captures = not session.config.option.nocapture
    if captures:
        sys.stdout = sys.stderr = output
    expected = next((one for one in item.marks if one.name == "xfail" and condition_of(one, item)), None)
    try:
        if reason is not None:
            report = Report(item, "skipped", 0, reason=reason)
        elif expected is not None and expected.kwargs.get("run") is False:
            report = Report(item, "xfailed", 0, reason=expected.kwargs.get("reason", ""))
        else:
            report = judge(item, expected, start, lambda: call_item(session, item))
    finally:
        try:
            if reason is None:
                session.close_after(item, following)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            report = Report(item, "error", time.perf_counter() - start, error)
        sys.stdout, sys.stderr = stdout, stderr
    report.output = output.getvalue()
    return report


def judge(item, expected, start, call):
    seconds = lambda: time.perf_counter() - start
    reason = expected.kwargs.get("reason", "") if expected else ""
    try:
        call()
    except (Skipped, unittest.SkipTest) as error:
        return Report(item, "skipped", seconds(), reason=str(error))
    except XFailed as error:
        return Report(item, "xfailed", seconds(), reason=str(error))
    except (KeyboardInterrupt, Exit):
        raise
    except BaseException as error:
        kinds = expected.kwargs.get("raises") if expected else None
        if expected and (kinds is None or isinstance(error, kinds)):
            return Report(item, "xfailed", seconds(), error, reason)
        is_setup = getattr(error, "_in_setup", False)
        return Report(item, "error" if is_setup else "failed", seconds(), error)
    if expected:
        if expected.kwargs.get("strict"):
            return Report(item, "failed", seconds(), Failed(f"[XPASS(strict)] {reason}"))
        return Report(item, "xpassed", seconds(), reason=reason)
    return Report(item, "passed", seconds())


def call_item(session, item):
    if item.is_unittest:
        return call_test_case(session, item)
    try:
        if item.cls is not None:
            item.instance = item.cls()
        run_setups(session, item)
        for name in [*session.autouse(item), *session.used(item)]:
            session.value(name, item)
        given = {name: session.value(name, item) for name in arguments(item.function)}
        given.update({name: value for name, value in item.values.items() if name in inspect.signature(inspect.unwrap(item.function)).parameters})
    except (Skipped, XFailed, KeyboardInterrupt, unittest.SkipTest):
        raise
    except BaseException as error:
        error._in_setup = True
        raise
    raw = item.cls.__dict__.get(item.function.__name__) if item.cls else None
    function = item.function
    if item.cls is not None and not isinstance(raw, staticmethod):
        owner = item.cls if isinstance(raw, classmethod) else item.instance
        result = function(owner, **given)
    else:
        result = function(**given)
    if inspect.iscoroutine(result):
        result.close()
        raise Failed("async def functions are not natively supported: run them with asyncio.run() inside the test.")


def run_setups(session, item):
    """xunit-style: setup_module, setup_class, setup_method, setup_function and their counterparts."""

    def once(scope, owner, up, down, argument):
        key = session.key(scope, item)
        store = (key, up, owner)
        if store not in session.cache:
            session.cache[store] = (NOTSET, None, None)
            setup, teardown = getattr(owner, up, None), getattr(owner, down, None)
            session.finalizers[key].append(lambda: session.cache.pop(store, None))
            if teardown is not None:
                session.finalizers[key].append(lambda: flexible(teardown, argument))
            if setup is not None:
                flexible(setup, argument)

    def flexible(call, argument):
        try:
            wants = len(inspect.signature(call).parameters) > 0
        except (TypeError, ValueError):
            wants = False
        return call(argument) if wants else call()

    once("module", item.module, "setup_module", "teardown_module", item.module)
    if item.cls is None:
        once("function", item.module, "setup_function", "teardown_function", item.function)
        return
    once("class", item.cls, "setup_class", "teardown_class", item.cls)
    once("function", item.instance, "setup_method", "teardown_method", item.function)
