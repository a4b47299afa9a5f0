"""Several hosts in network namespaces, cut off, killed and upgraded while people work."""
