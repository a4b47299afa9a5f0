"""The use cases: what people and machines ask of a review, one transaction each.

Beside this file lies what all of them share: `desk` (what a use case is given),
`acting` and `recording` (how a request becomes a record), and what follows from
one. The rooms hold the use cases: `cases` (one item from hand-in to publication),
`people`, `gate`, `lexicons`, `models`, `machine`, `papers`, `record`, `siteaudit`
(one's own published site against the record), and `upkeep` (what runs by itself).
"""
