"""The board's pages: figures first, each opening down to its findings and cases; and the unit's answer."""
