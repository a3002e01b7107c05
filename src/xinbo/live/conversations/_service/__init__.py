"""What the conversations room does."""
