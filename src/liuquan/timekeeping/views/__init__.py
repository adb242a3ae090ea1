"""Pages of the clock, the calendar and the law."""
