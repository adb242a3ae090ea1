"""Applications (办件): what a citizen or firm asks for at the window or online, from receipt to delivery.

The states follow the law and are defined in `procedure.py`; the route through the offices during examination
comes from the service item. Everything that binds a case (limits, route, materials, fees, deciding post) is
taken from the catalogue on the day of receipt and kept with it.

Verbs: submit, act (any row of the procedure), issue the papers that follow, open the file for those who
handle it, track without an account.

Cites: 行政许可法 第二十九条至第四十五条
"""
