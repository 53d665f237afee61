SELECT a, b, c FROM lines
