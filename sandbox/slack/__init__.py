"""A strict stand-in for Slack: it refuses what Slack refuses, says so, and listens on the loopback address only."""
