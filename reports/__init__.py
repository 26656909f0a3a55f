"""Reports on paper: the supervisor's daily sheet, an agent's review packet, management's month."""

from reports.daily_sheet import daily, daily_content

__all__ = ["daily", "daily_content"]
