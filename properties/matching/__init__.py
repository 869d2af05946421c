"""What is said of matchings."""
