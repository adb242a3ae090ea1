"""Papers of cases of every kind: numbered without gaps, rendered once, issued, verified.

What a paper says is its kind's (`CaseKind.papers`). It is stored as issued and never rendered again; its QR
leads to the verification page, and its hash stands in the record.

Verbs: `issue_papers`, `issue_missing`, `open_paper`.

Cites: 行政许可法 第三十二条, 电子签名法 第八条
"""
