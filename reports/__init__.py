"""Reports on paper: the supervisor's daily sheet, an agent's review packet, management's month, a period's quality.

What makes pages takes a second to start: each name is loaded when somebody asks for it, so that the command line, which
only names the reports, starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.batch import Batch, Wanted, check_agent, everybody, packets
    from reports.daily_sheet import daily, daily_content
    from reports.delivery import Delivered, deliver
    from reports.monthly_report import monthly, monthly_content
    from reports.packet_work import Work
    from reports.people import Note, Notes, notes
    from reports.quality_report import quality_content, quality_report
    from reports.reissue import as_issued
    from reports.review_packet import packet, packet_content
    from reports.sample_papers import samples, typical_agent
    from reports.two_issues import Difference, difference

HOMES = {
    "Batch": "reports.batch",
    "Wanted": "reports.batch",
    "check_agent": "reports.batch",
    "everybody": "reports.batch",
    "packets": "reports.batch",
    "daily": "reports.daily_sheet",
    "daily_content": "reports.daily_sheet",
    "Delivered": "reports.delivery",
    "deliver": "reports.delivery",
    "Difference": "reports.two_issues",
    "as_issued": "reports.reissue",
    "difference": "reports.two_issues",
    "monthly": "reports.monthly_report",
    "monthly_content": "reports.monthly_report",
    "Work": "reports.packet_work",
    "Note": "reports.people",
    "Notes": "reports.people",
    "notes": "reports.people",
    "quality_content": "reports.quality_report",
    "quality_report": "reports.quality_report",
    "packet": "reports.review_packet",
    "packet_content": "reports.review_packet",
    "samples": "reports.sample_papers",
    "typical_agent": "reports.sample_papers",
}

__all__ = [
    "Batch",
    "Delivered",
    "Difference",
    "Note",
    "Notes",
    "Wanted",
    "Work",
    "as_issued",
    "check_agent",
    "daily",
    "daily_content",
    "deliver",
    "difference",
    "everybody",
    "monthly",
    "monthly_content",
    "notes",
    "packet",
    "packet_content",
    "packets",
    "quality_content",
    "quality_report",
    "samples",
    "typical_agent",
]


def __getattr__(name: str) -> Any:
    """A report or a part of one, loaded on first use."""
    if name not in HOMES:
        raise AttributeError(f"reports has no {name!r}")
    return getattr(import_module(HOMES[name]), name)
