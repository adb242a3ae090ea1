"""Writing the record: entries, and the erasure of private parts."""
