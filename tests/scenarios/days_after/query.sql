SELECT id, day_after(`day`) AS `day` FROM days
