"""Telling people: SMS and e-mail that follow from what happened on a case, and one-time codes.

Who did not agree is told nothing; who agreed is told once of one event, in the daytime, by the address on
record, which is opened only when the message is handed to its gateway. A kind of case says of which events
it tells (`CaseKind.message_templates`). A message says the number of the case, its state and what comes next.

Verbs: `agree_to_sms`, `ask_email`, `confirm_email`, `withdraw`, `prepare`, `send`, `report`, `ask_code`,
`use_code`. An address for mail gets nothing but a code until that came back.

Cites: 个人信息保护法 第十三条, 第十五条
"""
