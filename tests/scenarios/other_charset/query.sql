SELECT line, CHAR_LENGTH(line) FROM lines
