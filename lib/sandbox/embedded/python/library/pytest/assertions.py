"""Asserts that show the values they compared: test modules are rewritten when they are loaded."""

import ast
import importlib
import importlib.util
import os
import sys
import types


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
