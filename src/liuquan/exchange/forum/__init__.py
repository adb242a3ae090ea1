"""The inlet of the city's online forum: its posts go to the hotline, the answers come back to its threads."""
