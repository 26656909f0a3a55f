"""The dashboard: pages that show what `metrics` answers, and the server that hands them out.

What makes pages takes a second to start: each name is loaded when somebody asks for it, so that the command line, which
only names the commands, starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dashboards.app import create_app
    from dashboards.server import serve

HOMES = {"create_app": "dashboards.app", "serve": "dashboards.server"}

__all__ = ["create_app", "serve"]


def __getattr__(name: str) -> Any:
    """The application or its server, loaded on first use."""
    if name not in HOMES:
        raise AttributeError(f"dashboards has no {name!r}")
    return getattr(import_module(HOMES[name]), name)
