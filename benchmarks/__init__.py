"""How fast the product is, next to what anybody would take instead, in one run on one machine."""
