"""Days on which something is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Span:
    """Days on which something is in force, both inclusive; None is open."""

    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the day lies in the span."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
