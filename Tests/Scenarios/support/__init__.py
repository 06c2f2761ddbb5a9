"""What the scenarios are made of: the real binary, servers that can misbehave, clients that speak raw bytes."""
