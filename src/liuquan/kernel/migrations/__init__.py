"""Migrations of the kernel: stored files."""
