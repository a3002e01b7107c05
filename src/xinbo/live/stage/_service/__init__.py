"""What the stage room does."""
