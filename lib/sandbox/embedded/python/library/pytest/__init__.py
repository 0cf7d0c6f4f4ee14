"""A runner for pytest-style tests: what projects without the pytest package use of it.

It serves where the pytest wheel is not installed. Not pytest itself: no plugins.
"""

from .builtin_fixtures import CaptureFixture, CaptureResult, LogCapture, MonkeyPatch, TempPathFactory
from .collection import Config, Item
from .command_line import main
from .expectations import ExceptionInfo, RaisesContext, approx, deprecated_call, raises, warns
from .fixtures import FixtureDef, FixtureRequest, fixture
from .marks import Mark, MarkDecorator, MarkGenerator, mark, param
from .outcomes import (
    Exit,
    Failed,
    PytestWarning,
    Skipped,
    UsageError,
    XFailed,
    exit,
    fail,
    importorskip,
    skip,
    xfail,
)
from .session import Session
from .version import __version__

console_main = main
