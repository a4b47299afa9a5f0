"""Mail, and web pages that are packed like mail."""
