"""Every column whose values are encrypted: what has to be renewed when the field key changes.

A test compares this with the models and with every call of `encrypt`: it fails for a new column of bytes that
is in neither list.
"""

from __future__ import annotations

from typing import Final

from django.apps import apps

from liuquan.kernel.reencryption import EncryptedColumn


def _column(model: str, column: str, purpose: str, label: str) -> EncryptedColumn:
    """Of a model by its label: its module alone knows what its table and its key are called."""
    meta = apps.get_model(model)._meta
    return EncryptedColumn(meta.db_table, column, purpose, label, key=meta.pk.column)


ENCRYPTED: Final = (
    _column("kernel.StoredFile", "wrapped_key", "stored_file.key", "文件密钥"),
    _column("kernel.StoredFile", "sealed_name", "stored_file.name", "文件名"),
    _column("kernel.Draft", "sealed_values", "draft.values", "草稿的填写内容"),
    _column("parties.Party", "name_enc", "party.name", "当事人姓名或者名称"),
    _column("parties.Party", "id_enc", "party.id", "证件号码"),
    _column("parties.Party", "phone_enc", "party.phone", "手机号码"),
    _column("parties.Party", "email_enc", "party.email", "电子邮箱"),
    _column("journal.JournalPrivate", "values", "journal.private", "日志非公开内容"),
    _column("hotline.Call", "phone_enc", "hotline.call_phone", "来电号码"),
    _column("hotline.HandOver", "note_enc", "hotline.handover_note", "热线交班交代的事"),
    _column("hotline.OpenDraft", "code_enc", "hotline.draft_code", "没有登记完的诉求的草稿码"),
    _column("hotline.Mail", "sender_enc", "hotline.mail_sender", "来信的发件地址"),
    _column("hotline.Mail", "subject_enc", "hotline.mail_subject", "来信的标题"),
    _column("casework.Case", "matter", "casework.matter", "所请求的事"),
)

#: Columns of bytes that hold no ciphertext, and why they survive every change of keys.
NOT_ENCRYPTED: Final = {
    ("kernel.StoredFile", "address"): "keyed hash; the index key has no generations",
    ("kernel.Draft", "code_index"): "keyed hash; the index key has no generations",
    ("exchange.ApiKey", "key_index"): "keyed hash; the index key has no generations",
    ("parties.Party", "name_index"): "keyed hash; the index key has no generations",
    ("parties.Party", "id_index"): "keyed hash; the index key has no generations",
    ("parties.Party", "phone_index"): "keyed hash; the index key has no generations",
    ("parties.Party", "phone_tail_index"): "keyed hash; the index key has no generations",
    ("hotline.Call", "phone_index"): "keyed hash; the index key has no generations",
    ("hotline.Mail", "sender_index"): "keyed hash; the index key has no generations",
    ("hotline.Mail", "digest"): "keyed hash; the index key has no generations",
    ("hotline.ForumPost", "digest"): "keyed hash; the index key has no generations",
    ("hotline.OpenDraft", "code_index"): "keyed hash; the index key has no generations",
    ("journal.JournalEntry", "commitment"): "salted hash of the private part",
    ("journal.JournalPrivate", "salt"): "random; opens nothing without the values beside it",
    ("journal.JournalLeaf", "leaf_hash"): "public hash",
    ("journal.JournalCheckpoint", "root"): "public hash",
    ("journal.KnownLog", "root"): "public hash of another log",
    ("journal.SeenHead", "root"): "public hash of another log",
    ("journal.RefusedHead", "offered_root"): "public hash of another log",
}
