"""The dashboard: pages that show what `metrics` answers, and the server that hands them out."""

from dashboards.app import create_app
from dashboards.server import serve

__all__ = ["create_app", "serve"]
