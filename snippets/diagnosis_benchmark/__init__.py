"""How often the diagnosis is right: a collection of networks and what was found in them."""
