"""What the imports room does: read files, plan what they change, do it, and write files."""
