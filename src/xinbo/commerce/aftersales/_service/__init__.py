"""What the aftersales room does."""
