"""What templates do: the shelf of them, applying one, the sheet."""
