"""Charts: pure functions from a frame to a figure, and the geometry they stand on. No Streamlit, no queries."""
