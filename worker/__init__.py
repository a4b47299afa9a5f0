"""The door of the queue: processes that do background work, each job with limits of its own."""
