"""What the offers room does, one module for each kind of use."""
