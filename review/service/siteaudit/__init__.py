"""The site audit (网站巡查): one's own published site against the record."""
