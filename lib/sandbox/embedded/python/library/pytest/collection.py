"""From paths to the tests in them."""

import fnmatch
import inspect
import os
import types
import unittest

from .assertions import load_module
from .marks import Mark, MarkDecorator, ParameterSet, id_of, marks_of
from .outcomes import UsageError


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
