SELECT seen, part, `offset` FROM events
