"""Which of the collected tests run."""

import os
import re

from .outcomes import UsageError


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


def matches_expression(expression, names):
    lowered = [name.lower() for name in names]

    def known(match):
        word = match.group(0)
        return word if word in ("and", "or", "not") else str(any(word.lower() in name for name in lowered))

    try:
        return bool(eval(re.sub(r"[^\s()]+", known, expression), {"__builtins__": {}}))
    except Exception:
        raise UsageError(f"Wrong expression passed to '-k': {expression}") from None
