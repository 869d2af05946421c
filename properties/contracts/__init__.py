"""What is said of menus."""
