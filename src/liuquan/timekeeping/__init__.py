"""The clock, the working calendar and the law for people: due dates without a case, the days that count.

Serves 全国年节及纪念日放假办法 第四条 and 行政许可法 第八十二条. Verbs: a question to the clock is answered
day by day (`questions`), one by one or as a list (`date_lists`); a holiday notice or a closure is read,
previewed and loaded, and every open deadline counted again (`calendar_changes`). Pages: the public due-date
calculator, the limits in force with their articles, the administrator's calendar, the values nobody has
confirmed yet.
"""
