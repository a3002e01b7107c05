"""What the fulfilment room does, one module for each kind of use."""
