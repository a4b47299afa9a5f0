"""What the use cases need of the world outside, one file a subject.

The store, the vault and the queue stand behind these protocols.
"""
