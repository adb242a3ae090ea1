"""Draw: random selection that an outsider can recompute (专家抽取, 双随机抽查, 抽样).

The pool is frozen and hashed, exclusions are listed rules with reasons, the seed comes from values fixed
in advance that no single party controls, the procedure is RFC 3797 with SHA-256 or SM3, replacements
continue the same sequence, and names stay hidden by salted commitments until they may be published. Pure
Python: no Django, no database, never reads the time. `docs/draw-and-sealing.md` shows one draw from end to
end.

Law: 招标投标法 第三十七条; 招标投标法实施条例 第四十六条至第四十八条; 评标委员会和评标方法暂行规定 第十二条.
Verbs: `announce`, `draw`, `replace`, `disclose`; for the outside `recompute`, `verify_file`.
"""

from liuquan.draw.drawing import announce, disclose, draw, replace
from liuquan.draw.evaluation import evaluation_rules
from liuquan.draw.exclusions import Exclusion, Rule
from liuquan.draw.files import Answer, record_from, record_text, verify_file
from liuquan.draw.pool import Candidate, Opening, Row, new_salt, opening_of
from liuquan.draw.profiles import MD5, SHA256, SM3, Profile
from liuquan.draw.recomputing import Fault, Verified, recompute
from liuquan.draw.records import Announcement, DrawRecord, Prepared, Replacement
from liuquan.draw.refusals import DrawRefused
from liuquan.draw.seed import PartyCommitment, new_nonce, nonce_commitment
from liuquan.draw.sequence import Pick, entropy_needed, key_text, picks

__all__ = [
    "MD5",
    "SHA256",
    "SM3",
    "Announcement",
    "Answer",
    "Candidate",
    "DrawRecord",
    "DrawRefused",
    "Exclusion",
    "Fault",
    "Opening",
    "PartyCommitment",
    "Pick",
    "Prepared",
    "Profile",
    "Replacement",
    "Row",
    "Rule",
    "Verified",
    "announce",
    "disclose",
    "draw",
    "entropy_needed",
    "evaluation_rules",
    "key_text",
    "new_nonce",
    "new_salt",
    "nonce_commitment",
    "opening_of",
    "picks",
    "recompute",
    "record_from",
    "record_text",
    "replace",
    "verify_file",
]
