SELECT at, n FROM events;
