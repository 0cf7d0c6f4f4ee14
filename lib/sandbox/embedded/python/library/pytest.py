"""A runner for pytest-style tests: what projects without the pytest package use of it.

It serves where the pytest wheel is not installed. Not pytest itself: no plugins.
"""

import ast
import fnmatch
import importlib.util
import inspect
import io
import os
import re
import shutil
import sys
import tempfile
import time
import traceback
import types
import unittest

__version__ = "8.0 (vitrine's pytest-compatible runner)"
BANNER = "vitrine's pytest-compatible runner"


# ---- outcomes ----


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
    pass


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
    raise Exit(reason)


def importorskip(name, minversion=None, reason=None):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Skipped(reason or f"could not import {name!r}: {error}", True) from None


# ---- raises, warns, approx ----


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

            if math.isinf(builtins_abs(expected)):
                return False
            relative = (1e-6 if self.rel is None and self.abs is None else (self.rel or 0)) * builtins_abs(expected)
            absolute = 1e-12 if self.abs is None else self.abs
            return builtins_abs(expected - actual) <= max(relative, absolute)
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
            tolerance = max((1e-6 if self.rel is None and self.abs is None else (self.rel or 0)) * builtins_abs(self.expected), 1e-12 if self.abs is None else self.abs)
            return f"{self.expected} ± {tolerance:.1e}"
        return f"approx({self.expected!r})"


builtins_abs = __builtins__["abs"] if isinstance(__builtins__, dict) else __builtins__.abs


# ---- marks and parameters ----


class Mark:
    def __init__(self, name, args=(), kwargs=None):
        self.name, self.args, self.kwargs = name, args, kwargs or {}


class MarkDecorator:
    def __init__(self, name, args=(), kwargs=None):
        self.mark = Mark(name, args, kwargs)
        self.name, self.args, self.kwargs = name, args, kwargs or {}

    def __call__(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and not self.args and not self.kwargs and (inspect.isfunction(args[0]) or inspect.isclass(args[0])):
            target = args[0]
            own = list(target.__dict__.get("pytestmark", []))
            target.pytestmark = [*own, self.mark]
            return target
        return MarkDecorator(self.name, (*self.args, *args), {**self.kwargs, **kwargs}) if not (self.args or self.kwargs) else self._apply(args[0])

    def _apply(self, target):
        target.pytestmark = [*target.__dict__.get("pytestmark", []), self.mark]
        return target


class MarkGenerator:
    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return MarkDecorator(name)


mark = MarkGenerator()


class ParameterSet:
    def __init__(self, values, marks=(), id=None):
        self.values = values
        self.marks = [one.mark if isinstance(one, MarkDecorator) else one for one in ([marks] if isinstance(marks, (MarkDecorator, Mark)) else marks)]
        self.id = id


def param(*values, marks=(), id=None):
    return ParameterSet(values, marks, id)


def marks_of(target):
    found = target.__dict__.get("pytestmark", []) if inspect.isclass(target) else getattr(target, "pytestmark", [])
    found = found if isinstance(found, (list, tuple)) else [found]
    return [one.mark if isinstance(one, MarkDecorator) else one for one in found]


def id_of(value, name, index):
    if value is None or isinstance(value, (str, int, float, bool, complex)):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("ascii", "backslashreplace")
    if isinstance(getattr(value, "__name__", None), str):
        return value.__name__
    if hasattr(value, "name") and hasattr(type(value), "__members__"):
        return str(value)
    return f"{name}{index}"


# ---- fixtures ----


class FixtureDef:
    def __init__(self, function, scope, params, autouse, ids, name):
        self.function, self.scope, self.params, self.autouse, self.ids = function, scope, params, autouse, ids
        self.name = name or function.__name__
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__
        self.__wrapped__ = function

    def __get__(self, instance, owner=None):
        return self

    def __call__(self, *_args, **_kwargs):
        raise Failed(f'Fixture "{self.name}" called directly. Fixtures are not meant to be called directly,\nbut are created automatically when test functions request them as parameters.')


def fixture(function=None, *, scope="function", params=None, autouse=False, ids=None, name=None):
    def decorate(target):
        return FixtureDef(target, scope, list(params) if params is not None else None, autouse, ids, name)

    return decorate(function) if function is not None else decorate


class FixtureRequest:
    def __init__(self, session, item, scope="function"):
        self._session, self._item, self.scope = session, item, scope
        self.node = item
        self.config = session.config
        self.param = None
        self.fixturename = None

    @property
    def function(self):
        return self._item.function

    @property
    def cls(self):
        return self._item.cls

    @property
    def instance(self):
        return self._item.instance

    @property
    def module(self):
        return self._item.module

    @property
    def fspath(self):
        return self._item.path

    path = fspath

    def getfixturevalue(self, name):
        return self._session.value(name, self._item)

    def addfinalizer(self, call):
        self._session.finalizers[self._session.key(self.scope, self._item)].append(call)


SCOPES = ["function", "class", "module", "package", "session"]


class CaptureFixture:
    def __init__(self, is_bytes=False):
        self.out, self.err = io.StringIO(), io.StringIO()
        self.saved = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self.out, self.err

    def readouterr(self):
        result = CaptureResult(self.out.getvalue(), self.err.getvalue())
        for stream in (self.out, self.err):
            stream.seek(0)
            stream.truncate()
        return result

    def disabled(self):
        import contextlib

        @contextlib.contextmanager
        def off():
            mine = sys.stdout, sys.stderr
            sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
            try:
                yield
            finally:
                sys.stdout, sys.stderr = mine

        return off()

    def close(self):
        out, err = self.readouterr()
        sys.stdout, sys.stderr = self.saved
        sys.stdout.write(out)
        sys.stderr.write(err)


class CaptureResult(tuple):
    def __new__(cls, out, err):
        return super().__new__(cls, (out, err))

    out = property(lambda self: self[0])
    err = property(lambda self: self[1])


NOTSET = object()


class MonkeyPatch:
    def __init__(self):
        self.undos = []

    @classmethod
    def context(cls):
        import contextlib

        @contextlib.contextmanager
        def work():
            patch = cls()
            try:
                yield patch
            finally:
                patch.undo()

        return work()

    def setattr(self, target, name, value=NOTSET, raising=True):
        if value is NOTSET:
            value = name
            path, name = target.rsplit(".", 1)
            parts = path.split(".")
            target = importlib.import_module(parts[0])
            for part in parts[1:]:
                try:
                    target = getattr(target, part)
                except AttributeError:
                    importlib.import_module(f"{target.__name__}.{part}")
                    target = getattr(target, part)
        old = target.__dict__.get(name, NOTSET) if inspect.isclass(target) else getattr(target, name, NOTSET)
        if getattr(target, name, NOTSET) is NOTSET and raising:
            raise AttributeError(f"{target!r} has no attribute {name!r}")
        self.undos.append(lambda: delattr(target, name) if old is NOTSET else setattr(target, name, old))
        setattr(target, name, value)

    def delattr(self, target, name=NOTSET, raising=True):
        if not hasattr(target, name):
            if raising:
                raise AttributeError(name)
            return
        old = getattr(target, name)
        self.undos.append(lambda: setattr(target, name, old))
        delattr(target, name)

    def setitem(self, mapping, key, value):
        old = mapping.get(key, NOTSET)
        self.undos.append(lambda: mapping.pop(key, None) if old is NOTSET else mapping.__setitem__(key, old))
        mapping[key] = value

    def delitem(self, mapping, key, raising=True):
        if key not in mapping:
            if raising:
                raise KeyError(key)
            return
        old = mapping[key]
        self.undos.append(lambda: mapping.__setitem__(key, old))
        del mapping[key]

    def setenv(self, name, value, prepend=None):
        if prepend and name in os.environ:
            value = f"{value}{prepend}{os.environ[name]}"
        self.setitem(os.environ, name, str(value))

    def delenv(self, name, raising=True):
        self.delitem(os.environ, name, raising)

    def syspath_prepend(self, path):
        old = sys.path[:]
        self.undos.append(lambda: sys.path.__setitem__(slice(None), old))
        sys.path.insert(0, str(path))

    def chdir(self, path):
        old = os.getcwd()
        self.undos.append(lambda: os.chdir(old))
        os.chdir(path)

    def undo(self):
        while self.undos:
            self.undos.pop()()


class LogCapture:
    def __init__(self):
        import logging

        self.records = []
        capture = self

        class Handler(logging.Handler):
            def emit(self, record):
                capture.records.append(record)

        self.handler = Handler()
        self.root = logging.getLogger()
        self.level = self.root.level
        self.root.addHandler(self.handler)

    text = property(lambda self: "".join(f"{one.levelname} {one.name}:{one.filename}:{one.lineno} {one.getMessage()}\n" for one in self.records))
    messages = property(lambda self: [one.getMessage() for one in self.records])
    record_tuples = property(lambda self: [(one.name, one.levelno, one.getMessage()) for one in self.records])

    def set_level(self, level, logger=None):
        import logging

        logging.getLogger(logger).setLevel(level)

    def at_level(self, level, logger=None):
        import contextlib
        import logging

        @contextlib.contextmanager
        def work():
            target = logging.getLogger(logger)
            old = target.level
            target.setLevel(level)
            try:
                yield
            finally:
                target.setLevel(old)

        return work()

    def clear(self):
        self.records.clear()

    def close(self):
        self.root.removeHandler(self.handler)
        self.root.setLevel(self.level)


class TempPathFactory:
    def __init__(self):
        self.base = None
        self.count = 0

    def getbasetemp(self):
        import pathlib

        if self.base is None:
            self.base = pathlib.Path(tempfile.mkdtemp(prefix="pytest-"))
        return self.base

    def mktemp(self, name, numbered=True):
        self.count += 1
        path = self.getbasetemp() / (f"{name}{self.count - 1}" if numbered else name)
        path.mkdir(parents=True)
        return path

    def close(self):
        if self.base is not None:
            shutil.rmtree(self.base, ignore_errors=True)


def _capsys():
    capture = CaptureFixture()
    yield capture
    capture.close()


def _monkeypatch():
    patch = MonkeyPatch()
    yield patch
    patch.undo()


def _caplog():
    capture = LogCapture()
    yield capture
    capture.close()


def _tmp_path_factory():
    factory = TempPathFactory()
    yield factory
    factory.close()


def _tmp_path(request, tmp_path_factory):
    return tmp_path_factory.mktemp(re.sub(r"\W", "_", request.node.name)[:30])


def _request_config(request):
    return request.config


def _recwarn():
    import warnings

    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("default")
        yield found


BUILTIN_FIXTURES = {
    "capsys": FixtureDef(_capsys, "function", None, False, None, "capsys"),
    "capfd": FixtureDef(_capsys, "function", None, False, None, "capfd"),
    "monkeypatch": FixtureDef(_monkeypatch, "function", None, False, None, "monkeypatch"),
    "caplog": FixtureDef(_caplog, "function", None, False, None, "caplog"),
    "tmp_path_factory": FixtureDef(_tmp_path_factory, "session", None, False, None, "tmp_path_factory"),
    "tmp_path": FixtureDef(_tmp_path, "function", None, False, None, "tmp_path"),
    "tmpdir": FixtureDef(_tmp_path, "function", None, False, None, "tmpdir"),
    "pytestconfig": FixtureDef(_request_config, "session", None, False, None, "pytestconfig"),
    "recwarn": FixtureDef(_recwarn, "function", None, False, None, "recwarn"),
}


# ---- assertions that show their values ----


def _short(value, limit=240):
    try:
        text = repr(value)
    except BaseException as error:
        return f"<{type(value).__name__}: repr raised {type(error).__name__}>"
    return text if len(text) <= limit else f"{text[: limit // 2]}...{text[-limit // 2 :]}"


def _difference(left, right, operator):
    if operator != "==":
        return []
    lines = []
    if isinstance(left, str) and isinstance(right, str) and ("\n" in left or "\n" in right or max(len(left), len(right)) > 30):
        import difflib

        lines += [line.rstrip("\n") for line in difflib.ndiff(right.splitlines(), left.splitlines()) if line.strip()]
    elif isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        for index, (a, b) in enumerate(zip(left, right)):
            if a != b:
                lines.append(f"At index {index} diff: {_short(a)} != {_short(b)}")
                break
        if len(left) > len(right):
            lines.append(f"Left contains {len(left) - len(right)} more item{'s' if len(left) - len(right) > 1 else ''}, first extra item: {_short(left[len(right)])}")
        elif len(right) > len(left):
            lines.append(f"Right contains {len(right) - len(left)} more item{'s' if len(right) - len(left) > 1 else ''}, first extra item: {_short(right[len(left)])}")
    elif isinstance(left, dict) and isinstance(right, dict):
        for key in left:
            if key not in right:
                lines.append(f"Left contains: {{{key!r}: {_short(left[key])}}}")
            elif left[key] != right[key]:
                lines.append(f"Differing items: {{{key!r}: {_short(left[key])}}} != {{{key!r}: {_short(right[key])}}}")
        lines += [f"Right contains: {{{key!r}: {_short(right[key])}}}" for key in right if key not in left]
    elif isinstance(left, (set, frozenset)) and isinstance(right, (set, frozenset)):
        for name, extra in (("left", left - right), ("right", right - left)):
            if extra:
                lines.append(f"Extra items in the {name} set: {', '.join(sorted(map(_short, extra)))}")
    return lines


OPERATORS = {
    ast.Eq: ("==", lambda a, b: a == b),
    ast.NotEq: ("!=", lambda a, b: a != b),
    ast.Lt: ("<", lambda a, b: a < b),
    ast.LtE: ("<=", lambda a, b: a <= b),
    ast.Gt: (">", lambda a, b: a > b),
    ast.GtE: (">=", lambda a, b: a >= b),
    ast.Is: ("is", lambda a, b: a is b),
    ast.IsNot: ("is not", lambda a, b: a is not b),
    ast.In: ("in", lambda a, b: a in b),
    ast.NotIn: ("not in", lambda a, b: a not in b),
}
NAMES = {kind.__name__: pair for kind, pair in OPERATORS.items()}


def _assert_compare(left, right, name, text, message):
    """The comparison happens once, here; on failure both values are in hand."""
    symbol, compare = NAMES[name]
    result = compare(left, right)
    if result:
        return
    lines = [f"assert {_short(left)} {symbol} {_short(right)}", *_difference(left, right, symbol)]
    if message is not None:
        lines = [str(message()), *lines]
    raise AssertionError("\n  ".join(lines))


def _assert_true(value, text, parts, message):
    if value:
        return
    lines = [f"assert {text}" if parts() else f"assert {_short(value)}"]
    for name, part in parts():
        lines.append(f" +  where {_short(part)} = {name}")
    if message is not None:
        lines = [str(message()), *lines]
    raise AssertionError("\n  ".join(lines))


class AssertRewriter(ast.NodeTransformer):
    """Turns plain asserts into calls that know what was compared."""

    def visit_Assert(self, node):
        self.generic_visit(node)
        message = ast.Constant(None) if node.msg is None else self.later(node.msg)
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            name = type(test.ops[0]).__name__
            arguments = [test.left, test.comparators[0], ast.Constant(name), ast.Constant(ast.unparse(test)), message]
            call = self.call("_assert_compare", arguments)
        else:
            call = self.call("_assert_true", [test, ast.Constant(ast.unparse(test)), self.parts(test), message])
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node))

    def parts(self, test):
        inner = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test
        pairs = []
        if isinstance(inner, ast.Name):
            pairs.append(ast.Tuple([ast.Constant(inner.id), ast.Name(inner.id, ast.Load())], ast.Load()))
        return self.later(ast.Tuple(pairs, ast.Load()))

    def later(self, value):
        empty = ast.arguments(posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[])
        return ast.Lambda(empty, value)

    def call(self, name, arguments):
        return ast.Call(ast.Attribute(ast.Name("@pytest", ast.Load()), name, ast.Load()), arguments, [])


def _has_await(node):
    return any(isinstance(one, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)) for one in ast.walk(node))


class SafeRewriter(AssertRewriter):
    def visit_Assert(self, node):
        # A message or name inside a lambda could not await or assign.
        if _has_await(node):
            return node
        return super().visit_Assert(node)


def load_module(path, rootdir):
    name, folder = module_name(path)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    if name in sys.modules and getattr(sys.modules[name], "__file__", None) == path:
        return sys.modules[name]
    with open(path, "rb") as file:
        source = file.read()
    tree = SafeRewriter().visit(ast.parse(source, path))
    ast.fix_missing_locations(tree)
    module = types.ModuleType(name)
    module.__file__ = path
    module.__dict__["@pytest"] = sys.modules[__name__]
    module.__spec__ = importlib.util.spec_from_file_location(name, path)
    if "." in name:
        module.__package__ = name.rsplit(".", 1)[0]
        importlib.import_module(module.__package__)
    sys.modules[name] = module
    try:
        exec(compile(tree, path, "exec", dont_inherit=True), module.__dict__)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def module_name(path):
    folder = os.path.dirname(path)
    parts = [os.path.splitext(os.path.basename(path))[0]]
    while os.path.exists(os.path.join(folder, "__init__.py")):
        parts.insert(0, os.path.basename(folder))
        folder = os.path.dirname(folder)
    return ".".join(parts), folder


# ---- collection ----


class Config:
    def __init__(self, options):
        self.option = types.SimpleNamespace(**options)
        self.rootpath = self.rootdir = os.getcwd()

    def getoption(self, name, default=None):
        return getattr(self.option, name.lstrip("-").replace("-", "_"), default)

    def addinivalue_line(self, *_args):
        pass

    def getini(self, _name):
        return []


class Item:
    def __init__(self, path, module, cls, function, name, marks, values, is_unittest=False):
        self.path, self.module, self.cls, self.function, self.originalname = path, module, cls, function, function.__name__
        self.name, self.marks, self.values, self.is_unittest = name, marks, values, is_unittest
        self.instance = None
        self.keywords = {name, *(one.name for one in marks)}

    @property
    def nodeid(self):
        names = [os.path.relpath(self.path), *([self.cls.__qualname__.replace(".", "::")] if self.cls else []), self.name]
        return "::".join(names)

    def get_closest_marker(self, name, default=None):
        return next((one for one in reversed(self.marks) if one.name == name), default)

    def iter_markers(self, name=None):
        return (one for one in reversed(self.marks) if name is None or one.name == name)

    def add_marker(self, marker):
        self.marks.append(marker.mark if isinstance(marker, MarkDecorator) else marker)


def test_files(paths):
    found = []
    for path in paths:
        if os.path.isfile(path):
            found.append(os.path.abspath(path))
            continue
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith((".", "__pycache__")) and name not in ("node_modules", "venv", "build", "dist"))
            found += [os.path.abspath(os.path.join(folder, name)) for name in sorted(files) if fnmatch.fnmatch(name, "test_*.py") or fnmatch.fnmatch(name, "*_test.py")]
    return list(dict.fromkeys(found))


def parameter_sets(marks):
    """Every combination that the parametrize marks ask for: names to values, with an id and marks."""
    sets = [({}, [], [], set())]
    for one in marks:
        if one.name != "parametrize":
            continue
        names, values = one.args[0], list(one.args[1] if len(one.args) > 1 else one.kwargs["argvalues"])
        ids = one.kwargs.get("ids", one.args[3] if len(one.args) > 3 else None)
        indirect = one.kwargs.get("indirect", False)
        names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
        rows = []
        for index, value in enumerate(values):
            if not isinstance(value, ParameterSet):
                value = ParameterSet(tuple(value) if len(names) > 1 else (value,))
            if len(value.values) != len(names):
                raise UsageError(f"in \"parametrize\" the number of names ({len(names)}):\n  {names}\nmust be equal to the number of values ({len(value.values)}):\n  {value.values}")
            if value.id is not None:
                label = value.id
            elif callable(ids):
                label = "-".join(str(ids(part)) if ids(part) is not None else id_of(part, name, index) for name, part in zip(names, value.values))
            elif ids is not None and list(ids)[index] is not None:
                label = str(list(ids)[index])
            else:
                label = "-".join(id_of(part, name, index) for name, part in zip(names, value.values))
            rows.append((dict(zip(names, value.values)), label, value.marks))
        through = set(names) if indirect is True else set(indirect or [])
        if not rows:
            rows = [({name: None for name in names}, "NOTSET", [Mark("skip", ("got empty parameter set",))])]
        sets = [({**old, **new}, [*labels, label], [*extra, *more], via | through) for old, labels, extra, via in sets for new, label, more in rows]
    return sets


class Collector:
    def __init__(self, session):
        self.session = session
        self.items = []

    def file(self, path):
        for conftest in self.session.conftests(path):
            self.session.register(conftest, os.path.dirname(conftest.__file__))
        module = load_module(path, os.getcwd())
        self.session.register(module, path)
        marks = marks_of(module)
        for name, value in list(module.__dict__.items()):
            if inspect.isclass(value):
                if issubclass(value, unittest.TestCase):
                    if value.__module__ == module.__name__ or not name.startswith("_"):
                        self.test_case(path, module, value, marks)
                elif name.startswith("Test") and "__init__" not in value.__dict__:
                    self.test_class(path, module, value, marks)
            elif name.startswith("test") and inspect.isfunction(inspect.unwrap(value) if callable(value) else value):
                self.function(path, module, None, value, name, marks)

    def test_class(self, path, module, cls, marks):
        own = [*marks, *[one for base in reversed(cls.__mro__) for one in marks_of(base)]]
        self.session.register(cls, f"{path}::{cls.__qualname__}")
        seen = {}
        for base in reversed(cls.__mro__):
            seen.update(base.__dict__)
        for name, value in seen.items():
            if inspect.isclass(value) and name.startswith("Test"):
                self.test_class(path, module, value, own)
                continue
            if isinstance(value, (staticmethod, classmethod)):
                value = value.__func__
            if name.startswith("test") and inspect.isfunction(value):
                self.function(path, module, cls, value, name, own)

    def test_case(self, path, module, cls, marks):
        own = [*marks, *[one for base in reversed(cls.__mro__) for one in marks_of(base)]]
        self.session.register(cls, f"{path}::{cls.__qualname__}")
        names = unittest.TestLoader().getTestCaseNames(cls)
        names = sorted(names, key=lambda name: getattr(inspect.unwrap(getattr(cls, name)), "__code__", types.SimpleNamespace(co_firstlineno=0)).co_firstlineno)
        for name in names:
            function = getattr(cls, name)
            self.items.append(Item(path, module, cls, function, name, [*own, *marks_of(function)], {}, True))

    def function(self, path, module, cls, function, name, marks):
        own = [*marks, *marks_of(function)]
        base = Item(path, module, cls, function, name, own, {})
        base.through = set()
        needed = self.session.closure(base)
        fixture_params = [(one.name, one) for one in needed if one.params is not None]
        for values, labels, extra, through in parameter_sets(own):
            variants = [({}, [])]
            for fixture_name, definition in fixture_params:
                if fixture_name in values:
                    continue
                grown = []
                for chosen, ids in variants:
                    for index, value in enumerate(definition.params):
                        label = self.label(definition, value, index)
                        grown.append(({**chosen, fixture_name: value.values[0] if isinstance(value, ParameterSet) else value}, [*ids, label]))
                variants = grown
            for chosen, ids in variants:
                all_ids = [*ids, *labels]
                full = f"{name}[{'-'.join(all_ids)}]" if all_ids else name
                item = Item(path, module, cls, function, full, [*own, *extra], {key: value for key, value in values.items() if key not in through})
                item.params = {**chosen, **{key: values[key] for key in through}}
                self.items.append(item)

    def label(self, definition, value, index):
        if isinstance(value, ParameterSet):
            return value.id or id_of(value.values[0], definition.name, index)
        if callable(definition.ids):
            return str(definition.ids(value))
        if definition.ids is not None:
            return str(list(definition.ids)[index])
        return id_of(value, definition.name, index)


# ---- running ----


class Session:
    def __init__(self, config):
        self.config = config
        self.fixtures = {name: [("", one)] for name, one in BUILTIN_FIXTURES.items()}
        self.cache = {}
        self.finalizers = {}
        self.loaded = {}

    def conftests(self, path):
        found = []
        folder = os.path.dirname(path)
        root = os.getcwd()
        while True:
            file = os.path.join(folder, "conftest.py")
            if os.path.exists(file):
                found.insert(0, file)
            if folder == root or folder in ("/", "") or not folder.startswith(root):
                break
            folder = os.path.dirname(folder)
        modules = []
        for file in found:
            if file not in self.loaded:
                self.loaded[file] = load_module(file, root)
                hook = getattr(self.loaded[file], "pytest_configure", None)
                if hook:
                    hook(self.config)
            modules.append(self.loaded[file])
            sys.modules.pop("conftest", None)
        return modules

    def register(self, owner, place):
        entries = {}
        for base in reversed(owner.__mro__) if inspect.isclass(owner) else [owner]:
            entries.update(base.__dict__)
        for value in entries.values():
            if isinstance(value, FixtureDef):
                known = self.fixtures.setdefault(value.name, [])
                if (place, value) not in known:
                    known.append((place, value))

    def visible(self, place, item):
        if place == "" or place == item.path:
            return True
        if "::" in place:
            path, name = place.split("::", 1)
            return path == item.path and item.cls is not None and (item.cls.__qualname__ == name or item.cls.__qualname__.startswith(name + "."))
        return item.path.startswith(place.rstrip("/") + "/")

    def find(self, name, item, below=None):
        """The nearest fixture of this name; `below` asks for the one that it overrides."""
        matches = [one for place, one in self.fixtures.get(name, []) if self.visible(place, item)]
        if below in matches:
            matches = matches[: matches.index(below)]
        return matches[-1] if matches else None

    def closure(self, item):
        names = [*self.autouse(item), *self.used(item), *arguments(item.function, item.cls)]
        found, queue = [], list(names)
        seen = set()
        while queue:
            name = queue.pop(0)
            definition = self.find(name, item)
            if name in seen or definition is None:
                continue
            seen.add(name)
            found.append(definition)
            queue += arguments(definition.function)
        return found

    def autouse(self, item):
        names = []
        for name, entries in self.fixtures.items():
            if any(one.autouse and self.visible(place, item) for place, one in entries):
                names.append(name)
        return sorted(names, key=lambda name: -SCOPES.index(self.find(name, item).scope))

    def used(self, item):
        return [name for one in item.marks if one.name == "usefixtures" for name in one.args]

    def key(self, scope, item):
        scope = scope(fixture_name="", config=self.config) if callable(scope) else scope
        place = {"function": id(item), "class": (item.path, item.cls and item.cls.__qualname__), "module": item.path, "package": os.path.dirname(item.path), "session": None}[scope]
        key = (scope, place)
        self.finalizers.setdefault(key, [])
        return key

    def value(self, name, item, requester=None):
        if name == "request":
            return FixtureRequest(self, item)
        if name in item.values:
            return item.values[name]
        definition = self.find(name, item, requester if requester and requester.name == name else None)
        if definition is None:
            known = ", ".join(sorted(key for key, entries in self.fixtures.items() if any(self.visible(place, item) for place, _ in entries)))
            raise LookupError(f"fixture '{name}' not found\navailable fixtures: {known}")
        scope = self.key(definition.scope, item)
        param = getattr(item, "params", {}).get(name, NOTSET)
        store = (scope, definition)
        if store in self.cache:
            old, result, error = self.cache[store]
            same = old is param or (old is not NOTSET and param is not NOTSET and old == param)
            if same:
                if error is not None:
                    raise error
                return result
            self.close(scope)
        request = FixtureRequest(self, item, definition.scope)
        request.fixturename = name
        request.param = None if param is NOTSET else param
        if param is NOTSET:
            del request.param
        given = {}
        for argument in arguments(definition.function):
            given[argument] = request if argument == "request" else self.value(argument, item, definition)
        function = definition.function
        owner = item.instance
        bound = "self" in list(inspect.signature(function).parameters)[:1]
        call = (lambda: function(owner, **given)) if bound else (lambda: function(**given))
        try:
            if inspect.isgeneratorfunction(function):
                generator = call()
                result = next(generator)
                self.finalizers[scope].append(lambda: next(generator, None))
            else:
                result = call()
        except BaseException as error:
            self.cache[store] = (param, None, error)
            self.finalizers[scope].append(lambda: self.cache.pop(store, None))
            raise
        self.cache[store] = (param, result, None)
        self.finalizers[scope].append(lambda: self.cache.pop(store, None))
        return result

    def close(self, scope):
        errors = []
        for call in reversed(self.finalizers.pop(scope, [])):
            try:
                call()
            except BaseException as error:
                errors.append(error)
        self.finalizers.setdefault(scope, [])
        if errors:
            raise errors[0]

    def close_after(self, item, following):
        """Scopes that the next test does not share end here."""
        errors = []
        for scope in SCOPES[:-1] if following else SCOPES:
            key = self.key(scope, item)
            if following is not None and scope != "function" and self.key(scope, following) == key:
                continue
            try:
                self.close(key)
            except BaseException as error:
                errors.append(error)
        if errors:
            raise errors[0]


def arguments(function, cls=None):
    function = inspect.unwrap(function)
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []
    names = [one.name for one in parameters if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY) and one.default is one.empty]
    if names and names[0] in ("self", "cls"):
        names = names[1:]
    return names


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


# ---- command line ----


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


def matches_expression(expression, names):
    lowered = [name.lower() for name in names]

    def known(match):
        word = match.group(0)
        return word if word in ("and", "or", "not") else str(any(word.lower() in name for name in lowered))

    try:
        return bool(eval(re.sub(r"[^\s()]+", known, expression), {"__builtins__": {}}))
    except Exception:
        raise UsageError(f"Wrong expression passed to '-k': {expression}") from None


def main(args=None, plugins=None):
    try:
        options = parse_args(sys.argv[1:] if args is None else [str(word) for word in args])
        return 0 if options is None else run(options)
    except UsageError as error:
        sys.stderr.write(f"ERROR: {error}\n")
        return 4


console_main = main


class Painter:
    def __init__(self):
        self.on = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def __call__(self, text, code):
        return f"\x1b[{code}m{text}\x1b[0m" if self.on else text


def line_of(title, paint=None, code="0", fill="="):
    width = 80
    text = f" {title} ".center(width, fill)
    return paint(text, code) if paint else text


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


def is_selected(item, selectors, options):
    names = [item.path, *([item.cls.__name__] if item.cls else []), item.name, *item.keywords]
    if options["keyword"] and not matches_expression(options["keyword"], [os.path.basename(names[0]), *names[1:]]):
        return False
    if options["contains"] and options["contains"] not in " > ".join(item.nodeid.split("::")[1:]):
        return False
    if options["markexpr"] and not matches_expression(options["markexpr"], [one.name for one in item.marks] or [""]):
        return False
    for path, *rest in selectors:
        full = os.path.abspath(path)
        if not (item.path == full or item.path.startswith(full.rstrip("/") + "/")):
            continue
        own = [*(item.cls.__qualname__.split(".") if item.cls else []), item.name]
        if all(index < len(own) and (own[index] == name or own[index].split("[")[0] == name) for index, name in enumerate(rest)):
            return True
    return False


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


def user_frames(error):
    own = os.path.abspath(__file__)
    frames = []
    for frame in traceback.extract_tb(error.__traceback__):
        hidden = frame.filename in (own, "<vitrine>") or "/unittest/" in frame.filename or frame.filename.startswith("<frozen")
        if not hidden:
            frames.append(frame)
    return frames


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


def write_report(path, reports, errors, seconds):
    import json

    suites = {}
    for file, error in errors:
        suites[os.path.relpath(file)] = {"file": os.path.relpath(file), "error": describe(error), "tests": []}
    for report in reports:
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
    result = {"passed": count("passed"), "failed": count("failed") + len(errors), "skipped": count("skipped"), "durationMs": seconds * 1000, "suites": list(suites.values())}
    with open(path, "w") as file:
        json.dump(result, file)


def describe(error):
    lines = [f"Failed: {error}" if isinstance(error, Failed) else "".join(traceback.format_exception_only(type(error), error)).rstrip("\n")]
    frames = user_frames(error)
    if frames:
        lines.append(f"    at {os.path.relpath(frames[-1].filename)}:{frames[-1].lineno}")
    return "\n".join(lines)


if __name__ == "__main__":
    import pytest as _itself

    sys.exit(_itself.main())
