"""Filters for templates of every module."""
