"""The desk: what staff see and do on cases of every kind, at pages and by API.

The work list by due time, the cases of a body, one case with its clocks, the form of an act, what-if, the
past, the print view, checking a party's identity document. What is shown of a kind comes from its `CaseKind`.

Cites: 行政许可法 第三十二条至第四十五条, 个人信息保护法 第六条
"""
