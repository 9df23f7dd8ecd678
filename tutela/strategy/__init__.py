"""The eight initiatives: what was promised, the last dated step, what is late on a day."""
