"""What callers of the bench say, and the signatures of it by the hundred thousand.

Texts are put together by chance from many words, so that two of them share the bands of their signatures
about as seldom as real messages do: of seven thousand real ones, each shared a band with one in 180 others;
`python bench/sayings.py` counts it for these. The signatures are those of `hotline.texts.bands`: what each
pair of characters hashes to is worked out once."""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from functools import cache
from itertools import accumulate, product
from typing import Any

USUAL = 10  #: how little the most usual words stand out
_PLACES = tuple(
    a + b + sort
    for a, b, sort in product(
        "青望锦石柳云金梧南东西清松翠",
        "禾江绣桥林溪桂桐湖岭塘源鹤微",
        ("小区", "花园", "家园", "路", "社区", "村", "广场", "中学", "医院", "市场"),
    )
)
_MATTERS = (
    *("收费", "噪音", "漏水", "停电", "油烟", "占道", "扬尘", "垃圾", "欠薪", "退款", "电梯", "路灯"),
    *("井盖", "绿化", "车位", "房产证", "学位", "供暖", "燃气", "消防", "招牌", "围墙", "下水道", "宠物"),
)
_VOCABULARY = 6_000  #: words of two characters by chance, the usual ones far more often than the rare ones
_LENGTHS = (25, 90)  #: words of a text, from … to


def saying(chance: random.Random) -> tuple[str, str]:
    """A place and a text of some hundred characters, no sentence that means anything."""
    words, weights = _words()
    place = chance.choice(_PLACES)
    said = chance.choices(words, cum_weights=weights, k=chance.randrange(*_LENGTHS))
    at = chance.randrange(len(said))
    return place, "".join([*said[:at], place, *chance.choices(_MATTERS, k=2), *said[at:]]) + "。"


@cache
def _words() -> tuple[tuple[str, ...], tuple[float, ...]]:
    chance = random.Random(1)  # noqa: S311 - not a secret
    letters = [chr(0x4E00 + at) for at in chance.sample(range(8_000), 900)]
    words = tuple("".join(chance.sample(letters, 2)) for _ in range(_VOCABULARY))
    return words, tuple(accumulate(1 / (at + USUAL) ** 0.82 for at in range(_VOCABULARY)))


class Signatures:
    """The signatures of many texts, quickly."""

    def __init__(self) -> None:
        import numpy as np

        self.known: dict[str, int] = {}
        self.values = np.zeros((0, 0), dtype=np.uint64)

    def of(self, texts: list[str]) -> list[list[str]]:
        """The bands of each text, the same as `hotline.texts.bands` gives."""
        from liuquan.hotline import texts as signed

        found = [signed.pairs(text) for text in texts]
        self._learn({pair for pairs in found for pair in pairs} - self.known.keys())
        return [self._bands(signed, pairs) for pairs in found]

    def _learn(self, new: set[str]) -> None:
        """What each pair hashes to under every coefficient: the least values of a text that is this pair."""
        import numpy as np

        from liuquan.hotline import texts as signed

        rows = [signed.least_values({pair}) for pair in new]
        self.known |= {pair: len(self.known) + at for at, pair in enumerate(new)}
        if rows:
            more = np.array(rows, dtype=np.uint64)
            self.values = np.concatenate([self.values, more]) if self.values.size else more

    def _bands(self, signed: Any, pairs: set[str]) -> list[str]:
        least = self.values[[self.known[pair] for pair in pairs]].min(axis=0).tolist()
        return list(signed.bands_of(least))


def main() -> int:
    """Count how often two of these texts share a band."""
    import office

    with office.temporary_home():
        office.set_up()
        chance = random.Random(7)  # noqa: S311 - not a secret
        texts = [saying(chance) for _ in range(4_000)]
        signed = Signatures().of([place + text for place, text in texts])
    holders = defaultdict(set)
    for at, bands in enumerate(signed):
        for band in bands:
            holders[band].add(at)
    shared = sorted(len(set().union(*(holders[band] for band in bands))) - 1 for bands in signed)
    many, length = len(shared), sum(len(text) for _, text in texts) / len(texts)
    sys.stdout.write(
        f"{many} texts of {length:.0f} characters: each shares a band with {sum(shared) / many:.1f} others, "
        f"half with {shared[many // 2]}, p99 {shared[many * 99 // 100]}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
