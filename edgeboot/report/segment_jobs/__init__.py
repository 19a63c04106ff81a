"""Where each of many segments stands, by the status of the Jobs that verify them."""
