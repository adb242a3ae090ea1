"""The mayor's hotline (市长热线, 12345): every call has an outcome, every item an answer.

A ticket (工单) is a case: registered by the hotline centre, dispatched to the unit whose duty it is by a
dated catalogue, signed for, handled inside a local limit that runs from the dispatch, answered, and called
back by the centre before it is closed. The centre that received it follows it to the end: returns, disputes,
reminders and the call-back are the centre's time, the rest is the unit's.

Serves 国办发〔2020〕53号, 国办函〔2025〕66号, GB/T 33358, GB/T 44191. Its limits are local: the pack's.

Verbs: `register` opens a ticket; every other act is a row of its procedure, done by `casework`. An article
of the knowledge base is proposed (`propose`), published by a second person (`publish`) and withdrawn
(`withdraw`); a window answers from it (`consult`). What governs the hotline is changed by two people
(`propose_change`, `approve_change`).
"""
