"""What a run will do, known before any job runs."""
