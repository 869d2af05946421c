"""Whether anybody, alone or with others, gains by not telling the truth."""
