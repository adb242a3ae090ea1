"""Parties: natural persons and organisations that apply, their agents; identity encrypted at rest.

A party is found by a keyed blind index, never by its number in the clear. Lists and pages show masked forms;
the only way to the plain values is `actions.reveal`, which requires the receipt of a journal entry that is
already committed. Merging keeps both rows; erasing destroys the values and keeps the row.

A party that applied online is not verified until a clerk has seen the original document.

Verbs: `register_person`, `register_organisation`, `check_document` (verify, correct), `appoint_agent`,
`merge`, `erase`, `reveal`.

Cites: 个人信息保护法 第五十一条, 个人信息保护法 第四十七条
"""
