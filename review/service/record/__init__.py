"""The record itself: checked, exported, read by the auditor."""
