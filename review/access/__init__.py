"""Who gets in: people's accounts and sessions, the sites that ask the gate; no decision on any item is made here."""
