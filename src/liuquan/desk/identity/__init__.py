"""Who the applicant is, checked against the original document at the window: verified, or corrected.

Online, the first name typed is tied to the identity number. Only a clerk who has seen the original document
can correct it.

Cites: 个人信息保护法 第四十六条, 行政许可法 第三十一条
"""
