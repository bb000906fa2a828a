"""Where counting runs: one module an engine."""
