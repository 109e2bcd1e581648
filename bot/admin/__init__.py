"""What an operator may ask of Heard, done here or by the Heard that is running."""
