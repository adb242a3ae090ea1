"""The transparency log over the record: leaves, tiles, signed checkpoints, their keys, the audit.

Knows the record; does not know who cosigns.
"""
