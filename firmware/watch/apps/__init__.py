"""Runs apps and watch faces: what they see (`api`), what they are granted, and the screen that holds one."""
