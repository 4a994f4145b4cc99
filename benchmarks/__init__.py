"""Speed and memory of Plainscore, beside the same work written by hand in pandas and in Polars."""
