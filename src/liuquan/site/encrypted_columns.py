"""Every column whose values are encrypted: what has to be renewed when the field key changes.

A test compares this with the models and with every call of `encrypt`: a new column of bytes that stands in
neither list fails it.
"""

from __future__ import annotations

from typing import Final

from liuquan.kernel.reencryption import EncryptedColumn

ENCRYPTED: Final = (
    EncryptedColumn("kernel_storedfile", "wrapped_key", "stored_file.key", "文件密钥"),
    EncryptedColumn("kernel_storedfile", "sealed_name", "stored_file.name", "文件名"),
    EncryptedColumn("party", "name_enc", "party.name", "当事人姓名或者名称"),
    EncryptedColumn("party", "id_enc", "party.id", "证件号码"),
    EncryptedColumn("party", "phone_enc", "party.phone", "手机号码"),
    EncryptedColumn("journal_private", "values", "journal.private", "日志非公开内容", key="entry_id"),
    EncryptedColumn("applications_application", "matter", "applications.matter", "申请内容", key="case_id"),
    EncryptedColumn("supervision_explanation", "text", "supervision.explanation", "情况说明"),
    EncryptedColumn("supervision_verdict", "note", "supervision.verdict", "监察处理理由", key="finding_id"),
)

#: Columns of bytes that hold no ciphertext, and why they survive every change of keys.
NOT_ENCRYPTED: Final = {
    ("kernel_storedfile", "address"): "keyed hash; the index key has no generations",
    ("party", "name_index"): "keyed hash; the index key has no generations",
    ("party", "id_index"): "keyed hash; the index key has no generations",
    ("journal_entry", "commitment"): "salted hash of the private part",
    ("journal_private", "salt"): "random; opens nothing without the values beside it",
    ("journal_leaf", "leaf_hash"): "public hash",
    ("journal_checkpoint", "root"): "public hash",
    ("journal_known_log", "root"): "public hash of another log",
    ("journal_seen_head", "root"): "public hash of another log",
    ("journal_refused_head", "offered_root"): "public hash of another log",
}
