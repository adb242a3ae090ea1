"""Why an envelope is not made or not opened: one Chinese sentence, and a stable word for programs."""

from __future__ import annotations


class SealingRefused(ValueError):
    """Nothing was made, nothing was opened. ``sentence`` says what to do next, nothing of the content."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
