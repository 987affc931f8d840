"""authors."""
