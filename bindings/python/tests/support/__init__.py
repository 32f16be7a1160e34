"""What the tests share: the emulator, servers that misbehave, both styles of client."""
