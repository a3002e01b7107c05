"""What the payments room does, one module for each kind of use."""
