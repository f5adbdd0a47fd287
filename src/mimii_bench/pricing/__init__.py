"""What a run will need before it starts: jobs, and what each takes at measured rates."""
