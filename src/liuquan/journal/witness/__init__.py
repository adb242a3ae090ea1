"""Witnesses: the offices that cosign our log, and the logs of other offices that we cosign.

Knows the log and the record.
"""
