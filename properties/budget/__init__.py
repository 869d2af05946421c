"""Who pays in the end: the money that flows in and out."""
