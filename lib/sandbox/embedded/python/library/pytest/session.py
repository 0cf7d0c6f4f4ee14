"""The fixtures of a run: which a test sees, their values, and when they end."""

import inspect
import os
import sys

from .assertions import load_module
from .builtin_fixtures import BUILTIN_FIXTURES
from .fixtures import NOTSET, SCOPES, FixtureDef, FixtureRequest


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
