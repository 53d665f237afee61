SELECT id, CAST(seen AS STRING) FROM in_avro;

SELECT id, seen FROM in_json
