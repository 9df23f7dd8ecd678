"""What we owe the people in our records: how long they are kept, held and when they are erased."""
