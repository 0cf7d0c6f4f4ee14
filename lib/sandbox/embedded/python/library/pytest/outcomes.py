"""How a test ends other than by returning."""

import importlib


class OutcomeException(BaseException):
    def __init__(self, msg="", pytrace=True):
        super().__init__(msg)
        self.msg = msg


class Skipped(OutcomeException):
    def __init__(self, msg="", allow_module_level=False):
        super().__init__(msg)
        self.allow_module_level = allow_module_level


class Failed(OutcomeException):
    pass


class XFailed(OutcomeException):
    pass


class Exit(BaseException):
    def __init__(self, msg="", returncode=None):
        super().__init__(msg)
        self.returncode = returncode


class UsageError(Exception):
    pass


class PytestWarning(UserWarning):
    pass


def skip(reason="", *, allow_module_level=False, msg=None):
    raise Skipped(msg or reason, allow_module_level)


def fail(reason="", pytrace=True, msg=None):
    raise Failed(msg or reason)


def xfail(reason=""):
    raise XFailed(reason)


def exit(reason="", returncode=None):
    raise Exit(reason, returncode)


def importorskip(name, minversion=None, reason=None):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Skipped(reason or f"could not import {name!r}: {error}", True) from None
