"""What product files look like: their columns, their cells, their HTML. Pure."""
