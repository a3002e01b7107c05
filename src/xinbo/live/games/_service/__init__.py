"""What the games room does: plan, start, enter, close, reveal, give, show."""
