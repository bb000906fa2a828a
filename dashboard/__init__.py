"""The public side: reads finished releases, draws pages. Never opens a private row."""
