"""What an analyst asks of the hotline's texts: which class, which topics are hot, said before, answered well.

Pure: no Django, no database, never reads the time. It proposes and shows what it rests on; a person decides.
Texts stay where they are: a model file holds weights of up to three characters and of listed words, never a
message.

Verbs: `read_messages`, `train`, `Classifier.write`,
`Classifier.load`, `Classifier.suggest`, `hot_topics`, `similar`,
`judge_replies`, `judge_words`. What needs numpy or scikit-learn imports it when called (`analysis` in
`pyproject.toml`).
"""

from liuquan.hotline.analysis.duplicates import Candidate, Similar, similar
from liuquan.hotline.analysis.messages import Message, read_messages, read_sheet
from liuquan.hotline.analysis.model import Classifier
from liuquan.hotline.analysis.places import places_in
from liuquan.hotline.analysis.replies import Judgement, judge_replies, judge_reply, judge_words
from liuquan.hotline.analysis.topics import Topic, hot_topics
from liuquan.hotline.analysis.training import Trained, train

__all__ = [
    "Candidate",
    "Classifier",
    "Judgement",
    "Message",
    "Similar",
    "Topic",
    "Trained",
    "hot_topics",
    "judge_replies",
    "judge_reply",
    "judge_words",
    "places_in",
    "read_messages",
    "read_sheet",
    "similar",
    "train",
]
