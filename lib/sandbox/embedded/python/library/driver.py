"""Runs one command line of python, pytest or pip as the real programs do, and answers its exit code."""

import json as _json


def _main():
    import builtins
    import importlib
    import os
    import sys
    import types

    settings = _json.loads(vitrine_settings)
    argv = settings["argv"]
    program, args = argv[0].rsplit("/", 1)[-1], argv[1:]
    os.environ.clear()
    os.environ.update(settings["env"])
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    os.chdir(settings["cwd"])
    site = "/home/project/.venv/lib/python%d.%d/site-packages" % sys.version_info[:2]
    sys.path[:] = [entry for entry in sys.path if entry]
    if os.path.isdir(site):
        sys.path.append(site)
    sys.path.append(settings["library"])
    importlib.invalidate_caches()
    sys.executable = "/usr/bin/python3"
    _refuse_programs(os)
    if settings["hasInput"] == "none":
        _refuse_input(builtins)

    def report(error):
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == "<vitrine>":
            trace = trace.tb_next
        error.__traceback__ = trace
        try:
            sys.excepthook(type(error), error, trace)
        except BaseException as failure:
            sys.stderr.write(repr(failure) + "\n")

    def finish(call):
        try:
            call()
            code = 0
        except SystemExit as error:
            code = error.code
            if code is None:
                code = 0
            elif not isinstance(code, int):
                sys.stderr.write(f"{code}\n")
                code = 1
        except KeyboardInterrupt as error:
            report(error)
            code = 130
        except BaseException as error:
            report(error)
            code = 1
        try:
            import atexit
            import threading

            threading._shutdown() if hasattr(threading, "_shutdown") else None
            atexit._run_exitfuncs()
        except SystemExit:
            pass
        except BaseException as error:
            report(error)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                code = code or 1
        return code & 0xFF

    def fresh_main(name):
        module = types.ModuleType("__main__")
        module.__dict__["__builtins__"] = builtins
        if name is not None:
            module.__dict__["__file__"] = name
        sys.modules["__main__"] = module
        return module.__dict__

    def run_source(source, name, file=None):
        scope = fresh_main(file)
        exec(compile(source, name, "exec", dont_inherit=True), scope)

    def run_file(path, rest):
        sys.argv[:] = [path, *rest]
        if os.path.isdir(path):
            path = os.path.join(path, "__main__.py")
        if not os.path.exists(path):
            full = os.path.join(os.getcwd(), path)
            sys.stderr.write(f"python3: can't open file '{full}': [Errno 2] No such file or directory\n")
            raise SystemExit(2)
        sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
        with open(path, "rb") as file:
            source = file.read()
        run_source(source, os.path.abspath(path), os.path.abspath(path))

    def run_module(name, rest):
        sys.path.insert(0, os.getcwd())
        sys.argv[:] = ["-m", *rest]
        explained = {
            "venv": "Packages of a project are kept apart anyway, in .venv; there is nothing to set up or activate.",
            "http.server": "Python has no sockets in the sandbox. A Node server (npx vite, node server.js) can be reached.",
            "idlelib": "The editor is beside the terminal.",
            "ensurepip": "pip is there already.",
        }
        if name in explained:
            sys.stderr.write(explained[name] + "\n")
            raise SystemExit(0 if name in ("venv", "ensurepip") else 1)
        if name == "pip":
            return run_pip(rest)
        if name == "pytest":
            return run_pytest(rest)
        import runpy

        try:
            runpy.run_module(name, run_name="__main__", alter_sys=True)
        except ImportError as error:
            import importlib.util

            if error.name == name.split(".")[0] or "is a package and cannot be directly executed" in str(error) or error.name is None:
                try:
                    missing = importlib.util.find_spec(name) is None
                except (ImportError, ValueError, AttributeError):
                    missing = True
                if missing:
                    sys.stderr.write(f"/usr/bin/python3: No module named {name}\n")
                    raise SystemExit(1)
            raise

    def run_pip(rest):
        import vitrine_pip

        raise SystemExit(vitrine_pip.main(rest))

    def run_pytest(rest):
        sys.argv[:] = ["pytest", *rest]
        import pytest

        raise SystemExit(int(pytest.console_main() if hasattr(pytest, "console_main") else pytest.main(rest)))

    def interact():
        import code

        sys.path.insert(0, "")
        sys.argv[:] = [""]
        fresh_main(None)
        if not settings["isTerminal"]:
            return run_source(sys.stdin.read(), "<stdin>", None)
        if settings["hasInput"] != "shared":
            sys.stderr.write("This browser grants no shared memory, so Python cannot wait for what you type. Run a file, or python3 -c.\n")
            raise SystemExit(1)
        banner = f"Python {sys.version} on WebAssembly\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information. Ctrl+D leaves."
        console = code.InteractiveConsole(sys.modules["__main__"].__dict__, "<stdin>")
        console.interact(banner, exitmsg="")

    def command_line():
        words = list(args)
        while words and words[0].startswith("-") and words[0] != "-":
            word = words.pop(0)
            if word in ("-V", "--version", "-VV"):
                print(f"Python {sys.version.split()[0]}")
                return
            if word in ("-h", "--help"):
                print("usage: python3 [option] ... [-c cmd | -m mod | file | -] [arg] ...")
                return
            if word in ("-W", "-X"):
                words.pop(0)
            elif word == "-c" or (word.startswith("-") and not word.startswith("--") and word.endswith("c")):
                if not words:
                    sys.stderr.write("Argument expected for the -c option\n")
                    raise SystemExit(2)
                source = words.pop(0)
                sys.argv[:] = ["-c", *words]
                sys.path.insert(0, "")
                return run_source(source, "<string>")
            elif word.startswith("-m"):
                name = word[2:] or (words.pop(0) if words else "")
                return run_module(name, words)
            elif word in ("-i",):
                continue
            elif not all(letter in "bBdEiIOPqsSuvx" for letter in word[1:]):
                sys.stderr.write(f"unknown option {word}\n")
                raise SystemExit(2)
        if not words:
            return interact()
        if words[0] == "-":
            sys.argv[:] = words
            return run_source(sys.stdin.read(), "<stdin>")
        run_file(words[0], words[1:])

    if program.startswith("pip"):
        return finish(lambda: run_pip(args))
    if program == "pytest":
        sys.path.insert(0, os.getcwd())
        return finish(lambda: run_pytest(args))
    return finish(command_line)


def _refuse_programs(os):
    import sys

    message = "Python cannot start other programs in the sandbox. Start them from the shell."

    def refuse(*_args, **_options):
        raise OSError(38, message)

    os.system = os.popen = os.execv = os.execve = refuse
    for name in ("fork", "forkpty", "posix_spawn", "spawnv", "spawnve"):
        if hasattr(os, name):
            setattr(os, name, refuse)

    class Refuser:
        """subprocess is imported by much that never starts a program, so it is changed when somebody imports it."""

        def find_spec(self, name, path=None, target=None):
            if name != "subprocess":
                return None
            sys.meta_path.remove(self)
            import subprocess

            subprocess.Popen.__init__ = refuse
            subprocess.Popen.__del__ = lambda self: None
            return subprocess.__spec__

    if "subprocess" in sys.modules:
        sys.modules["subprocess"].Popen.__init__ = refuse
        sys.modules["subprocess"].Popen.__del__ = lambda self: None
    else:
        sys.meta_path.insert(0, Refuser())


def _refuse_input(builtins):
    def refuse(prompt=""):
        print(prompt, end="", flush=True)
        raise EOFError(
            "This browser grants no shared memory, so Python cannot wait for what you type. Give the input in advance: echo text | python3 file.py"
        )

    builtins.input = refuse


_main()
