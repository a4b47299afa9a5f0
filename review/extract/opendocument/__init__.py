"""OpenDocument: text, sheets, presentations."""
