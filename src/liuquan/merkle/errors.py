"""How the record says no: one Chinese sentence, and a stable word for programs."""

from __future__ import annotations

from typing import Final, Literal

#: What is wrong: ``format`` it cannot be read; ``proof`` it does not hold; ``rewind`` an older head is
#: offered as the newer one; ``fork`` two trees under one name; ``signature`` no trusted key signed it;
#: ``origin`` another log; ``tile`` a stored piece of the tree is missing or damaged.
Fault = Literal["format", "proof", "rewind", "fork", "signature", "origin", "tile"]

MAX_SIZE: Final = 2**63 - 1  #: leaves a tree may have; what every implementation of the formats can hold


class RecordError(ValueError):
    """Something offered as part of the record is not. Nothing was accepted."""

    def __init__(self, fault: Fault, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = fault
        self.sentence = sentence
