/*---
description = "Use of a module that cannot be: below nothing, of the future, idle and in use, or of a module that neither a contract nor use tells of."
---*/
SELECT customer_id, module, covered_by, active_share, logins_91d, used_28d, last_used_on, idle_days, fell_idle
FROM customer_modules
WHERE NOT COALESCE(active_share >= 0, TRUE)
   OR logins_91d < 0
   OR last_used_on >= $as_of_date
   OR idle_days < 0
   OR (covered_by <> 'named' AND last_used_on IS NULL)
   OR (used_28d AND logins_91d = 0)
   OR (logins_91d > 0 AND last_used_on IS NULL)
   OR (fell_idle AND idle_days < $core_idle_days)
   OR ((licensed_users IS NULL) <> (licensed_users_of IS NULL))
