"""Door 2, the queue: opens with the service; nothing imports it yet."""
