"""What happened and what it means: behaviour collected, numbers computed."""
