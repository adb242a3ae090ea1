"""Electronic supervision: rules over the case log produce findings, which are explained and closed.

Nobody enters a finding by hand. A rule is one SQL file under `rules/`, or in the folder of the kind of case
it is about, readable by lawyers and by machines. The same file runs live over what changed, nightly over
everything, as a back-test, and on DuckDB. It judges subjects of the kinds it names: cases, logs, whatever
`caselog.subjects` holds. A yellow finding is a reminder and is lifted automatically; a red one stays until a
supervising post has heard the unit, in a case of its own (`disposal`), and given its verdict.

Law: 优化营商环境条例 第三十六条, 行政许可法 第三十二条, 第四十二条, 第七十二条, 第七十四条.

Verbs: `watch`, `run_all`, `ask_explanation`, `explain`, `close`, `order_correction`, `report_correction`,
`open_explanations`.
"""
