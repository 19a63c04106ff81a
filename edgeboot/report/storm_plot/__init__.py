"""What a storm did, drawn as SVG: nodes over time, and how its latencies are spread."""
