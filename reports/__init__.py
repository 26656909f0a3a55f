"""Reports on paper: the supervisor's daily sheet, an agent's review packet, management's month."""

from reports.batch import Batch, packets
from reports.daily_sheet import daily, daily_content
from reports.monthly_report import monthly, monthly_content
from reports.review_packet import Work, packet, packet_content
from reports.samples import samples, typical_agent

__all__ = [
    "Batch",
    "Work",
    "daily",
    "daily_content",
    "monthly",
    "monthly_content",
    "packet",
    "packet_content",
    "packets",
    "samples",
    "typical_agent",
]
