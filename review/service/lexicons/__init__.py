"""The office's own lexicon: read, proposed, previewed, put into force."""
