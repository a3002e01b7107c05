"""What the inventory room does: pools to promise from, warehouses, the watch on both."""
