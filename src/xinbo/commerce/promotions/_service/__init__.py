"""What the promotions room does, one module for each kind of use."""
