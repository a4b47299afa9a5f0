"""What goes out: signed webhooks to sites, office messengers; never a word of a draft."""
