SELECT probes.ip, places.type, places.place
FROM probes LEFT JOIN places FOR SYSTEM_TIME AS OF probes.came
ON probes.ip = places.ip AND places.type = 0
