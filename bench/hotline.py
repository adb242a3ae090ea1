"""The analysis of hotline messages: hot topics over many messages, and a class for one text. No database.

    ./run python bench/hotline.py [--quick]

The messages are invented here: places, matters and turns of phrase by chance, of which some matters come up
often. Peer of the topics is scikit-learn's plain way on the same messages: words by TF-IDF, fifty dimensions,
HDBSCAN; it is measured on fewer, since its time grows with their square. Peer of a suggestion is
scikit-learn's own pipeline of TF-IDF and a linear support vector machine, asked for one text.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from figures import Figure, median

from liuquan.hotline.analysis import Message, hot_topics, train

_NAMES = (
    "青禾",
    "望江",
    "锦绣",
    "石桥",
    "柳林",
    "云溪",
    "金桂",
    "梧桐",
    "南湖",
    "东岭",
    "西塘",
    "清源",
    "松鹤",
    "翠微",
)
_SORTS = ("小区", "花园", "家园", "路", "社区", "村", "广场", "中学", "医院", "市场")
_MATTERS = {
    "城乡建设": ("物业乱收费", "路灯不亮", "电梯坏了", "下水道堵塞", "车位捆绑销售", "外墙渗水", "供水停水"),
    "环境保护": ("夜间施工噪音", "油烟扰民", "污水直排", "垃圾焚烧", "粉尘污染", "河水发臭", "搅拌站扬尘"),
    "教育文体": ("学位不足", "补课收费", "教师编制", "校服价格", "食堂伙食", "招生划片", "图书馆开放"),
}
_PHRASES = (
    "请有关部门尽快处理",
    "已经多次反映没有结果",
    "严重影响居民生活",
    "希望领导重视",
    "问了几次都没有答复",
    "家里有老人和小孩",
    "白天晚上都是这样",
    "打过电话也没有人来",
    "不知道该找哪个部门",
    "盼望早日回复",
)


def messages(many: int) -> list[tuple[Message, str]]:
    """Invented messages with their class: a third of them about one in a hundred of the matters."""
    chance = random.Random(12345)  # noqa: S311 - not a secret
    matters = [(label, matter) for label, some in _MATTERS.items() for matter in some]
    hot = [(chance.choice(matters), _place(chance)) for _ in range(max(many // 300, 3))]
    found = []
    for number in range(many):
        common = chance.random() < 1 / 3
        (label, matter), place = chance.choice(hot) if common else (chance.choice(matters), _place(chance))
        says = "，".join(chance.choices(_PHRASES, k=6)) + str(chance.randrange(10**6))
        body = f"{place}{matter}，{says}。住在{place}{chance.randrange(40)}栋。" * 2
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(80))
        writer = str(chance.randrange(many))
        found.append((Message(str(number), f"{place}{matter}", body, writer, day), label))
    return found


def _place(chance: random.Random) -> str:
    return f"{chance.choice(_NAMES)}{chance.choice(_NAMES)}{chance.choice(_SORTS)}"


def measure(repetitions: int, many: int) -> list[Figure]:
    """Topics over many messages, topics beside the plain way, one suggestion beside the plain way."""
    made = messages(many)
    asked = max(repetitions, 1) * 200
    return [_topics(made), _beside_plain(made[: many // 20]), _suggestion(made[:2_000], asked)]


def _topics(made: list[tuple[Message, str]]) -> Figure:
    seconds = _seconds(lambda: hot_topics([message for message, _ in made]))
    what = f"hot topics over {len(made):,} messages: {seconds:.1f} s"
    return Figure(what, "messages/s", len(made) / seconds, wish="100,000 messages in 60 s: 1,667 a second")


def _beside_plain(made: list[tuple[Message, str]]) -> Figure:
    texts = [message.text for message, _ in made]
    ours = len(made) / _seconds(lambda: hot_topics([message for message, _ in made]))
    peers = len(made) / _seconds(lambda: _plain_topics(texts))
    peer = "scikit-learn: TfidfVectorizer over words, TruncatedSVD(50), HDBSCAN"
    return Figure(f"hot topics over {len(made):,} messages", "messages/s", ours, peer, peers, aim=1.0)


def _plain_topics(texts: list[str]) -> Any:
    import rjieba
    from sklearn.cluster import HDBSCAN
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = TfidfVectorizer(analyzer=rjieba.cut, min_df=2).fit_transform(texts)
    return HDBSCAN(copy=True).fit_predict(TruncatedSVD(50, random_state=0).fit_transform(rows))


def _suggestion(made: list[tuple[Message, str]], asked: int) -> Figure:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    labels = [label for _, label in made]
    model = train([message for message, _ in made], labels, repeats=0).model
    plain = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LinearSVC())
    plain.fit([message.text for message, _ in made], labels)
    texts = [made[number % len(made)][0].text for number in range(asked)]
    ours = [_seconds(lambda text=text: model.suggest(text)) for text in texts]  # type: ignore[misc]
    peers = [_seconds(lambda text=text: plain.predict([text])) for text in texts]  # type: ignore[misc]
    slow, half = sorted(ours)[int(len(ours) * 0.99)], median(ours)
    what = (
        f"a class for one text of {len(texts[0])} characters: "
        f"half in {half * 1e3:.2f} ms, p99 {slow * 1e3:.2f} ms"
    )
    peer = "scikit-learn: TfidfVectorizer over characters and LinearSVC, one text"
    return Figure(what, "suggestions/s", 1 / half, peer, 1 / median(peers), wish="p99 in a few milliseconds")


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> int:
    """Measure and say it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    asked = parser.parse_args()
    sys.stdout.write("\n".join(map(str, measure(5, 10_000 if asked.quick else 100_000))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
