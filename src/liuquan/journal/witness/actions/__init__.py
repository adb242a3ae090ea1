"""Writing what witnesses do: whom we ask, whom we cosign, what we refuse."""
