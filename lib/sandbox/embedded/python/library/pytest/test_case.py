"""Tests of the unittest kind."""

import unittest

from .fixtures import NOTSET
from .outcomes import Failed, Skipped, XFailed


def call_test_case(session, item):
    key = session.key("class", item)
    store = (key, "setUpClass", item.cls)
    if store not in session.cache:
        module_key = session.key("module", item)
        if (module_key, "setUpModule") not in session.cache:
            session.cache[(module_key, "setUpModule")] = (NOTSET, None, None)
            session.finalizers[module_key].append(lambda: session.cache.pop((module_key, "setUpModule"), None))
            if hasattr(item.module, "tearDownModule"):
                session.finalizers[module_key].append(item.module.tearDownModule)
            if hasattr(item.module, "setUpModule"):
                item.module.setUpModule()
        session.cache[store] = (NOTSET, None, None)
        session.finalizers[key].append(lambda: session.cache.pop(store, None))
        session.finalizers[key].append(item.cls.doClassCleanups)
        session.finalizers[key].append(item.cls.tearDownClass)
        item.cls.setUpClass()
    case = item.cls(item.originalname)
    item.instance = case
    for name in [*session.autouse(item), *session.used(item)]:
        session.value(name, item)
    result = CaseResult()
    case(result)
    if result.skipped is not None:
        raise unittest.SkipTest(result.skipped)
    if result.errors_found:
        raise result.errors_found[0]
    if result.expected_failure:
        raise XFailed("")
    if result.unexpected_success:
        raise Failed("Unexpected success")


class CaseResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.errors_found = []
        self.skipped = None
        self.expected_failure = self.unexpected_success = False

    def addError(self, test, err):
        if isinstance(err[1], KeyboardInterrupt):
            raise err[1]
        if isinstance(err[1], Skipped):
            self.skipped = str(err[1])
        else:
            self.errors_found.append(err[1])

    def addFailure(self, test, err):
        self.errors_found.append(err[1])

    def addSubTest(self, test, subtest, err):
        if err is not None:
            err[1].args = (f"{subtest._subDescription()}: {err[1]}",) if isinstance(err[1], AssertionError) else err[1].args
            self.errors_found.append(err[1])

    def addSkip(self, test, reason):
        self.skipped = reason

    def addExpectedFailure(self, test, err):
        self.expected_failure = True

    def addUnexpectedSuccess(self, test):
        self.unexpected_success = True
