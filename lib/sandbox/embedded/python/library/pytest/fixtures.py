"""Fixtures as tests declare them and ask for them."""

from .outcomes import Failed


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

# No value, where None is one.
NOTSET = object()
