"""Workshop: the talk, the hand-outs, the groups, and the presentation."""
