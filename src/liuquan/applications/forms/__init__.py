"""What pages of applications read from forms and show in them."""
