"""PDF: pages, what hides on them, and what the file carries beside them."""
