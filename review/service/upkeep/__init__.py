"""What runs by itself: tasks, daily order, reminders, copies."""
