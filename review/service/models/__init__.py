"""The classifier in an office's hands: passages to train it on, and which one is in force."""
