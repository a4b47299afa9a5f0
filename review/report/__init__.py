"""Reports for people and programs: JSON, the terminal, HTML."""
