"""Text, and tables written as text."""
