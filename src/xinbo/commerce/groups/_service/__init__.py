"""What the groups room does, one module for each kind of use."""
