"""Door 1, HTTP and pages: opens with the service; nothing imports it yet."""
