"""Feeds in and out: what other systems send us and read from us, in the forms that they speak.

`open311`: requests to the hotline by Open311 GeoReport v2. `forum`: posts of an online forum, and their
answers. Other systems write with a key of their own, which
is issued by command, kept as a keyed hash and taken back at any time.

Verbs: `issue_key` gives an outside system its key, `revoke_key` takes it back.
"""
