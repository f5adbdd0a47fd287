"""What one number of all.csv stands on, link by link, and whether it still does."""
