"""The Slack front: what arrives becomes one flow, what the flow answers becomes one reply."""
