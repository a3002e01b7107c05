"""What the bargains room does, one module for each kind of use."""
