"""Reviews (好差评): whoever was served says how it was, once an event, and a bad review is put right.

Service events of any kind of case reach it by wiring: an event that a kind names with the job
`reviews.invite` can be reviewed. A review is voluntary: silence is no satisfaction and counted apart. It is
given by the holder of the slip and never changed. A bad one opens a rectification (差评整改), the case kind
of this module: verified, put right or found groundless, and told to the reviewer, whom the unit never sees.

Serves 国办发〔2019〕51号, GB/T 39734. The limits of a rectification are local: the pack's.

Verbs: `invite` enters a service event, `rate` a review, `follow` opens the rectification of a bad one.
"""
