"""Marks on tests, and the parameters that `parametrize` takes."""

import inspect


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
