"""The fixtures that every test has."""

import importlib
import inspect
import io
import os
import re
import shutil
import sys
import tempfile

from .fixtures import NOTSET, FixtureDef


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
