"""Measures the scan on labelled passages and drafts."""
