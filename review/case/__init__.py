"""The review of one item: what happened, what may be asked, what is forbidden."""
