"""The append-only record: entries, their private parts and erasure, who opened what, the past as recorded.

Knows neither the log over it nor its witnesses.
"""
