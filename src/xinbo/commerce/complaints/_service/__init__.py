"""What the complaints room does."""
