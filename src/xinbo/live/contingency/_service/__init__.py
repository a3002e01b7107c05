"""What is prepared for a show, and what is done when it happens."""
