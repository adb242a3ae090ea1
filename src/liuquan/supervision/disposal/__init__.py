"""The disposal of a red finding, as a case of its own kind: asked, explained, judged, corrected.

A case opens only when an explanation is ordered. Its duties stand in the work list like any others, its
answer has a clock, and a breach of it is entered like any other. It is set apart: no rule judges it unless it
names the kind, and it counts among nobody's cases.

Law: 优化营商环境条例 第三十六条, 行政许可法 第七十二条, 第七十四条.
"""
