"""What one's own published site shows, judged against what was cleared (网站巡查)."""
