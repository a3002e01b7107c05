"""What a question may become, what it is about, and which two are the same one."""
