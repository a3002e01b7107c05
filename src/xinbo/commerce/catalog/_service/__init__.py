"""What the catalog room does, one module for each kind of use."""
