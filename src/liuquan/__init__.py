"""Liuquan (六权): the open platform that runs a Chinese government service centre.

The map of its modules, top layer first, is the list in `layers.py`.
"""
