SELECT
  `order id`,
  `größe`,
  `Select`,
  `a.b`,
  `it's`,
  `say "hi"`,
  `100%`,
  `%s`,
  `ключ`,
  `{}`,
  `$(id)`,
  `value`,
  `--`,
  `名前`
FROM samples
