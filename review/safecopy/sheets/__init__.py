"""Workbooks: values instead of formulas, nothing in what is hidden."""
