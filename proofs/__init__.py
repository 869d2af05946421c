"""Why to believe it: engines, evidence, reports and the command line."""
