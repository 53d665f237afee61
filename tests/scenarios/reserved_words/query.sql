SELECT `group`, `select` FROM `rank`
