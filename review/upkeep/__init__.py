"""The upkeep of what the machine goes by: the office's own lexicons, proposed, previewed, put into force."""
