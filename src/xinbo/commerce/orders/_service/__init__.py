"""What the orders room does, one module for each kind of use."""
