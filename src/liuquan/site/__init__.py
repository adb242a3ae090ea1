"""Site: the top of the tree, the one place that knows every module.

It holds the settings, the addresses, the commands of operators, and what follows from which event.
"""
