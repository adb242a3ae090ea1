"""Following a case without an account: for whoever holds the slip, by number and query code.

State, dates, the next step, papers, who read mine, the past, and the acts that a party may take. No page here
shows a name.

Cites: 行政许可法 第三十三条, 个人信息保护法 第四十四条, 优化营商环境条例 第三十七条
"""
