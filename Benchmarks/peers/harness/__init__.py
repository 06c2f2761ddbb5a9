"""Side-by-side benchmark of load balancers; see ../README.md. Standard library only."""
