"""What the books room does, one module for each kind of use."""
