"""The board's pages: the figures, the findings and cases behind them, and the unit's answer."""
