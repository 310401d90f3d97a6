"""Windows of time that metrics look at."""

import calendar
from datetime import date


def months_before(day: date, months: int) -> date:
    """Return the same day of the month so many months before; the month's last if it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    year, month = max(index // 12, date.min.year), index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
