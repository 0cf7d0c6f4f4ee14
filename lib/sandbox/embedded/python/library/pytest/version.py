"""What it calls itself."""

__version__ = "8.0 (vitrine's pytest-compatible runner)"
BANNER = "vitrine's pytest-compatible runner"
