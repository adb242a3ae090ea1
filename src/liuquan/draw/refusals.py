"""Why something of a draw is refused: one Chinese sentence, and a stable word for programs."""

from __future__ import annotations


class DrawRefused(ValueError):
    """A draw that must not happen, or a record that cannot be read. ``sentence`` says what to do next.

    The sentence never repeats an identity: at most the number a candidate has in the pool.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
