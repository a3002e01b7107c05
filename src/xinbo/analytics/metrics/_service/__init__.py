"""Count, and answer what was counted: one module per side of the bus."""
