"""What a promotion may be and what becomes of it, as pure functions."""
