"""What the chat room does with its tables."""
