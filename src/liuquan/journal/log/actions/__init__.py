"""Writing the log: sealing, its files, its keys, the outcome of the audit."""
