"""Electronic supervision: rules over the case log make findings, findings are answered for and closed.

Nobody enters a finding. A rule is one SQL file under `rules/`, read by lawyers and engines alike; the
same file runs live over what changed, nightly over everything, as a back-test, and on DuckDB. A yellow
finding reminds and is lifted by itself; a red one stays until a supervising post has heard the unit and
given its verdict.

Law: 优化营商环境条例 第三十六条, 行政许可法 第三十二条, 第四十二条, 第七十二条, 第七十四条.

Verbs: `watch`, `run_all`, `ask_explanation`, `explain`, `close`, `open_explanations`.
"""
