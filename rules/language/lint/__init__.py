"""What can be known of a rule when it is saved."""
