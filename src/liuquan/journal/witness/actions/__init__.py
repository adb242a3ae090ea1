"""Writing about witnesses: those we ask, the logs we cosign, the heads we refuse."""
