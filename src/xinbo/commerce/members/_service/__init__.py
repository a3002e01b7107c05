"""What the members room does, one module for each kind of use."""
