"""What was found, written for people and for programs: a format in each file."""
