"""Who the applicant is, checked against the original document at the window: verified, or corrected.

Online the name first typed binds an identity number; only a clerk with the document in hand sets it right.

Cites: 个人信息保护法 第四十六条, 行政许可法 第三十一条
"""
