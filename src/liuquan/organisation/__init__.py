"""Organisation: divisions, bodies, units, posts, staff, mandates, cover, seals, and the working days.

Serves 科学配置 (power allocated): every power has a body, every body its posts, every post its duty sheet
(HALL-02), its mandates by document (CASE-11) and its stand-in (HALL-03). Names and powers change, so the
attributes of a body, a unit or a post are dated rows: a change closes one row and opens the next.

Verbs: `load_organisation`, `record_absence`, `end_absence`, `load_calendar`,
`load_holiday_notice`.
Read with `queries`: `actor_for`, `calendar`, `post_sheet`, `authorisation_register`, …

Cites: 行政许可法 第二十二条, 行政许可法 第二十六条
"""
