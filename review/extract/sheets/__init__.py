"""Workbooks of the OOXML kind."""
