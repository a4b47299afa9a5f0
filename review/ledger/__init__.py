"""The decision record: entries that only grow, each chained to all before it.

The one promise: whoever owns the database can change, drop, swap or add
entries, the last one included, but not unnoticed. Three things that he does
not have hold against him: the private key (every entry is signed), the
witness file beside that key (signed heads), and the heads printed on the
review forms. `chain.py` is the law, `export.py` its form on paper,
`standalone_verifier.py` the same law written a second time, for whoever does
not want to trust this program.
"""
