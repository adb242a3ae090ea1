"""The clock for people without a case: commands and the public page ask it in plain words."""
