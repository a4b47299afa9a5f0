"""先审 for Wagtail: nothing goes online that was not reviewed."""
