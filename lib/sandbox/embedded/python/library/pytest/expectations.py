"""What a test expects besides plain asserts: errors, warnings and numbers that are nearly right."""

import builtins
import re
import traceback

from .outcomes import Failed


class ExceptionInfo:
    def __init__(self):
        self.value = self.type = self.tb = None

    @property
    def typename(self):
        return self.type.__name__

    @property
    def traceback(self):
        return traceback.extract_tb(self.tb)

    def exconly(self):
        return "".join(traceback.format_exception_only(self.type, self.value)).strip()

    def match(self, pattern):
        text = str(self.value)
        assert re.search(pattern, text), f"Regex pattern did not match.\n  Regex: {pattern!r}\n  Input: {text!r}"
        return True


class RaisesContext:
    def __init__(self, expected, match=None, check=None):
        self.expected, self.pattern, self.check = expected, match, check
        self.info = ExceptionInfo()

    def __enter__(self):
        return self.info

    def __exit__(self, kind, value, tb):
        if kind is None:
            name = getattr(self.expected, "__name__", None) or repr(self.expected)
            raise Failed(f"DID NOT RAISE {self.expected!r}" if name is None else f"DID NOT RAISE {self.expected!r}")
        if not issubclass(kind, self.expected):
            return False
        self.info.type, self.info.value, self.info.tb = kind, value, tb
        if self.pattern is not None:
            self.info.match(self.pattern)
        return True


def raises(expected_exception, *args, match=None, check=None, **kwargs):
    context = RaisesContext(expected_exception, match, check)
    if not args:
        return context
    with context as info:
        args[0](*args[1:], **kwargs)
    return info


class WarnsContext:
    def __init__(self, expected, match=None):
        import warnings

        self.expected, self.pattern = expected, match
        self.catcher = warnings.catch_warnings(record=True)

    def __enter__(self):
        import warnings

        self.list = self.catcher.__enter__()
        warnings.simplefilter("always")
        return self.list

    def __exit__(self, kind, value, tb):
        self.catcher.__exit__(kind, value, tb)
        if kind is not None:
            return False
        found = [one for one in self.list if issubclass(one.category, self.expected)]
        if not found or (self.pattern and not any(re.search(self.pattern, str(one.message)) for one in found)):
            raise Failed(f"DID NOT WARN. No warnings of type {self.expected} were emitted.")
        return False


def warns(expected_warning=Warning, *args, match=None, **kwargs):
    context = WarnsContext(expected_warning, match)
    if not args:
        return context
    with context:
        return args[0](*args[1:], **kwargs)


def deprecated_call():
    return warns((DeprecationWarning, PendingDeprecationWarning, FutureWarning))


class approx:
    __hash__ = None

    def __init__(self, expected, rel=None, abs=None, nan_ok=False):
        self.expected, self.rel, self.abs, self.nan_ok = expected, rel, abs, nan_ok

    def _one(self, expected, actual):
        if isinstance(expected, (list, tuple, dict)):
            return approx(expected, self.rel, self.abs, self.nan_ok) == actual
        try:
            if expected == actual:
                return True
            if expected != expected:
                return self.nan_ok and actual != actual
            if isinstance(expected, bool) or isinstance(actual, (str, bytes)):
                return False
            import math

            if math.isinf(builtins.abs(expected)):
                return False
            relative = (1e-6 if self.rel is None and self.abs is None else (self.rel or 0)) * builtins.abs(expected)
            absolute = 1e-12 if self.abs is None else self.abs
            return builtins.abs(expected - actual) <= max(relative, absolute)
        except TypeError:
            return False

    def __eq__(self, actual):
        expected = self.expected
        if isinstance(expected, dict):
            return isinstance(actual, dict) and expected.keys() == actual.keys() and all(self._one(expected[key], actual[key]) for key in expected)
        if isinstance(expected, (list, tuple)):
            return hasattr(actual, "__len__") and len(actual) == len(expected) and all(self._one(a, b) for a, b in zip(expected, actual))
        return self._one(expected, actual)

    def __ne__(self, actual):
        return not self == actual

    def __repr__(self):
        if isinstance(self.expected, (int, float)) and not isinstance(self.expected, bool):
            tolerance = max((1e-6 if self.rel is None and self.abs is None else (self.rel or 0)) * builtins.abs(self.expected), 1e-12 if self.abs is None else self.abs)
            return f"{self.expected} ± {tolerance:.1e}"
        return f"approx({self.expected!r})"
