"""Public pages that join several modules: the front page, verifying papers, figures of the day, help.

Serves 行政许可法 第三十条 and 优化营商环境条例 第三十七条: open, free, without an account or a script.
"""
