"""What is decided without looking anything up: carriers, tracking, batch files. Pure."""
