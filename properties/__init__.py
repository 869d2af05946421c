"""What is claimed of a rule: each property once, as quantified worlds and a margin."""
