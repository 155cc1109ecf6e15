"""What a session holds and shares: keys, the view, scores, scenarios, plans, uploads."""
