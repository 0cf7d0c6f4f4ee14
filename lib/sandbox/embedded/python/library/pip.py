"""pip for the sandbox: wheels that lie in the project are installed; there is no index to ask."""

import os
import shutil
import sys
import zipfile

SITE = "/home/project/.venv/lib/python%d.%d/site-packages" % sys.version_info[:2]
NO_INDEX = (
    "ERROR: No Python package index is configured here, and the sandbox has no network. "
    "Put the pure-Python wheel into the project and run: pip install ./name.whl"
)
USAGE = "Usage: pip install ./<wheel>.whl ... | pip uninstall <name> | pip list | pip freeze | pip show <name>"


def main(args):
    options = [word for word in args if word.startswith("-")]
    words = [word for word in args if not word.startswith("-")]
    if "--version" in options or "-V" in options:
        print(f"pip 25.0 (vitrine) from {SITE} (python {sys.version_info[0]}.{sys.version_info[1]})")
        return 0
    command = words.pop(0) if words else "help"
    if command == "install":
        return install(words, args)
    if command == "uninstall":
        return uninstall(words)
    if command in ("list", "freeze"):
        return show_list(command == "freeze")
    if command == "show":
        return show(words)
    print(USAGE)
    return 0 if command == "help" else 1


def install(words, args):
    if "-r" in args or "--requirement" in args:
        path = words[-1] if words else "requirements.txt"
        if not os.path.exists(path):
            return fail(f"ERROR: Could not open requirements file: [Errno 2] No such file or directory: '{path}'")
        with open(path) as file:
            words = [line.split("#")[0].strip() for line in file]
        words = [word for word in words if word]
    if not words:
        return fail("ERROR: You must give at least one requirement to install (see \"pip help install\")")
    for word in words:
        if word.endswith(".whl"):
            code = install_wheel(word)
            if code:
                return code
        elif os.path.isdir(word) or word == ".":
            return fail("ERROR: Only wheels can be installed here, no source folders. A folder is importable as it is.")
        elif is_installed(word):
            print(f"Requirement already satisfied: {word}")
        else:
            return fail(NO_INDEX)
    return 0


def install_wheel(path):
    if not os.path.exists(path):
        return fail(f"ERROR: {path} does not exist.")
    name = os.path.basename(path)[: -len(".whl")].split("-")
    if len(name) < 5:
        return fail(f"ERROR: {os.path.basename(path)} is not a valid wheel filename.")
    if name[-1] != "any" or "none" not in name[-2]:
        return fail(f"ERROR: {os.path.basename(path)} holds native code, which cannot run here. Only pure-Python wheels (none-any) can.")
    os.makedirs(SITE, exist_ok=True)
    with zipfile.ZipFile(path) as wheel:
        for entry in wheel.infolist():
            parts = entry.filename.split("/")
            if entry.filename.startswith("/") or ".." in parts:
                return fail(f"ERROR: {os.path.basename(path)} names a file outside of its folder: {entry.filename}")
        for entry in wheel.infolist():
            parts = entry.filename.split("/")
            if parts[0].endswith(".data"):
                if len(parts) < 3 or parts[1] not in ("purelib", "platlib"):
                    continue
                target = "/".join(parts[2:])
            else:
                target = entry.filename
            # What is cut off in front may leave an absolute path.
            full = os.path.join(SITE, target.lstrip("/"))
            if entry.is_dir():
                os.makedirs(full, exist_ok=True)
                continue
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with wheel.open(entry) as source, open(full, "wb") as out:
                shutil.copyfileobj(source, out)
    print(f"Processing {path}")
    print(f"Successfully installed {name[0]}-{name[1]}")
    missing = [need for need in requirements(name[0]) if not is_installed(need)]
    if missing:
        print(f"WARNING: {name[0]} also needs {', '.join(missing)}.", file=sys.stderr)
    return 0


def distributions():
    from importlib import metadata

    return sorted(metadata.distributions(path=[SITE]), key=lambda found: found.metadata["Name"].lower())


def normal(name):
    import re

    return re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!~;\[]", name)[0]).lower()


def is_installed(name):
    return any(normal(found.metadata["Name"]) == normal(name) for found in distributions())


def requirements(name):
    for found in distributions():
        if normal(found.metadata["Name"]) == normal(name):
            return [need for need in found.requires or [] if "extra ==" not in need]
    return []


def uninstall(words):
    for word in words:
        found = next((one for one in distributions() if normal(one.metadata["Name"]) == normal(word)), None)
        if found is None:
            print(f"WARNING: Skipping {word} as it is not installed.", file=sys.stderr)
            continue
        for file in found.files or []:
            path = os.path.normpath(os.path.join(SITE, str(file)))
            if path.startswith(SITE + "/") and os.path.exists(path):
                os.remove(path)
        for folder, _folders, _files in os.walk(SITE, topdown=False):
            if folder != SITE and not os.listdir(folder):
                os.rmdir(folder)
        print(f"Successfully uninstalled {found.metadata['Name']}-{found.version}")
    return 0


def show_list(is_freeze):
    rows = [(found.metadata["Name"], found.version) for found in distributions()]
    if is_freeze:
        for name, version in rows:
            print(f"{name}=={version}")
        return 0
    width = max([len("Package"), *(len(name) for name, _ in rows)])
    print(f"{'Package'.ljust(width)} Version")
    print(f"{'-' * width} -------")
    for name, version in rows:
        print(f"{name.ljust(width)} {version}")
    return 0


def show(words):
    for word in words:
        found = next((one for one in distributions() if normal(one.metadata["Name"]) == normal(word)), None)
        if found is None:
            return fail(f"WARNING: Package(s) not found: {word}")
        print(f"Name: {found.metadata['Name']}\nVersion: {found.version}\nSummary: {found.metadata['Summary']}\nLocation: {SITE}")
    return 0


def fail(message):
    print(message, file=sys.stderr)
    return 1
