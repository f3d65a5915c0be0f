"""Where a node answers, below its base address."""

INFO, LOOK, DECLINE, CLAIM = (f"/bridge/v1/{name}" for name in ("info", "look", "decline", "claim"))
SYNC = "/bridge/v1/sync/"  # the receiver's side id follows
