-- 'Plainscore sample card': a credit scorecard, written by plainscore. Do not edit: export it again.
-- Card 4ca2d448b7e590d1506ad84e5919d0c5ad31f46c0b309e9ee2ec48d36cd7d225
-- Scores run from 300 to 850; 600 is odds of 1.03496651 to 1, 39.8781535 points more double them.
WITH typed AS (
  SELECT
    "id" AS "id",
    CAST("use_6" AS DOUBLE) AS "use_6_value",
    CAST("use_change" AS DOUBLE) AS "use_change_value",
    CAST("use_max" AS DOUBLE) AS "use_max_value",
    CAST("use_now" AS DOUBLE) AS "use_now_value",
    CAST("kinds" AS DOUBLE) AS "kinds_value",
    CAST("months_known" AS DOUBLE) AS "months_known_value",
    CAST("age_newest" AS DOUBLE) AS "age_newest_value",
    CAST("behind_now" AS DOUBLE) AS "behind_now_value",
    CAST("paid_share" AS DOUBLE) AS "paid_share_value",
    CAST("since_late" AS DOUBLE) AS "since_late_value",
    CAST("worst_24" AS DOUBLE) AS "worst_24_value"
  FROM cases
), placed AS (
  SELECT
    "id",
    CASE
      WHEN "use_6_value" IS NULL OR ISNAN("use_6_value")
      THEN 4 /* no history */
      WHEN "use_6_value" = -9999003
      THEN 5 /* too few known months */
      WHEN "use_6_value" = -9999002
      THEN 6 /* no card with a known limit in 6 months */
      WHEN "use_6_value" = 0
      THEN 7 /* cards not in use */
      WHEN "use_6_value" < -1.7976931348623157E308 OR "use_6_value" > 1.7976931348623157E308
      THEN 8 /* out of range */
      WHEN "use_6_value" < 0.26E0
      THEN 0 /* under 26% of limit */
      WHEN "use_6_value" < 0.34E0
      THEN 1 /* 26% to under 34% of limit */
      WHEN "use_6_value" < 0.8E0
      THEN 2 /* 34% to under 80% of limit */
      ELSE 3 /* 80% of limit or more */
    END AS "use_6_attribute",
    CASE
      WHEN "use_change_value" IS NULL OR ISNAN("use_change_value")
      THEN 4 /* no history */
      WHEN "use_change_value" = -9999003
      THEN 5 /* too few known months */
      WHEN "use_change_value" = -9999002
      THEN 6 /* no card with a known balance both now and 6 months ago */
      WHEN "use_change_value" < -1.7976931348623157E308
      OR "use_change_value" > 1.7976931348623157E308
      THEN 7 /* out of range */
      WHEN "use_change_value" < -0.2E0
      THEN 0 /* under -20% of limit */
      WHEN "use_change_value" < 0.18E0
      THEN 1 /* -20% to under 18% of limit */
      WHEN "use_change_value" < 0.3E0
      THEN 2 /* 18% to under 30% of limit */
      ELSE 3 /* 30% of limit or more */
    END AS "use_change_attribute",
    CASE
      WHEN "use_max_value" IS NULL OR ISNAN("use_max_value")
      THEN 8 /* no history */
      WHEN "use_max_value" = -9999003
      THEN 9 /* too few known months */
      WHEN "use_max_value" = -9999002
      THEN 10 /* no open card with a known limit */
      WHEN "use_max_value" = 0
      THEN 11 /* cards not in use */
      WHEN "use_max_value" < -1.7976931348623157E308
      OR "use_max_value" > 1.7976931348623157E308
      THEN 12 /* out of range */
      WHEN "use_max_value" < 0.2E0
      THEN 0 /* under 20% of limit */
      WHEN "use_max_value" < 0.243E0
      THEN 1 /* 20% to under 24.3% of limit */
      WHEN "use_max_value" < 0.28E0
      THEN 2 /* 24.3% to under 28% of limit */
      WHEN "use_max_value" < 0.33E0
      THEN 3 /* 28% to under 33% of limit */
      WHEN "use_max_value" < 0.5E0
      THEN 4 /* 33% to under 50% of limit */
      WHEN "use_max_value" < 0.77E0
      THEN 5 /* 50% to under 77% of limit */
      WHEN "use_max_value" < 0.87E0
      THEN 6 /* 77% to under 87% of limit */
      ELSE 7 /* 87% of limit or more */
    END AS "use_max_attribute",
    CASE
      WHEN "use_now_value" IS NULL OR ISNAN("use_now_value")
      THEN 2 /* no history */
      WHEN "use_now_value" = -9999003
      THEN 3 /* too few known months */
      WHEN "use_now_value" = -9999002
      THEN 4 /* no open card with a known limit */
      WHEN "use_now_value" = 0
      THEN 5 /* cards not in use */
      WHEN "use_now_value" < -1.7976931348623157E308
      OR "use_now_value" > 1.7976931348623157E308
      THEN 6 /* out of range */
      WHEN "use_now_value" < 0.28E0
      THEN 0 /* under 28% of limit */
      ELSE 1 /* 28% of limit or more */
    END AS "use_now_attribute",
    CASE
      WHEN "kinds_value" IS NULL OR ISNAN("kinds_value")
      THEN 4 /* no history */
      WHEN "kinds_value" = -9999003
      THEN 5 /* too few known months */
      WHEN "kinds_value" < -1.7976931348623157E308 OR "kinds_value" > 1.7976931348623157E308
      THEN 6 /* out of range */
      WHEN "kinds_value" < 1
      THEN 0 /* under 1 kind */
      WHEN "kinds_value" < 2
      THEN 1 /* 1 to under 2 kinds */
      WHEN "kinds_value" < 3
      THEN 2 /* 2 to under 3 kinds */
      ELSE 3 /* 3 kinds or more */
    END AS "kinds_attribute",
    CASE
      WHEN "months_known_value" IS NULL OR ISNAN("months_known_value")
      THEN 5 /* no history */
      WHEN "months_known_value" = -9999003
      THEN 6 /* too few known months */
      WHEN "months_known_value" < -1.7976931348623157E308
      OR "months_known_value" > 1.7976931348623157E308
      THEN 7 /* out of range */
      WHEN "months_known_value" < 18
      THEN 0 /* under 18 months */
      WHEN "months_known_value" < 19
      THEN 1 /* 18 to under 19 months */
      WHEN "months_known_value" < 24
      THEN 2 /* 19 to under 24 months */
      WHEN "months_known_value" < 26
      THEN 3 /* 24 to under 26 months */
      ELSE 4 /* 26 months or more */
    END AS "months_known_attribute",
    CASE
      WHEN "age_newest_value" IS NULL OR ISNAN("age_newest_value")
      THEN 8 /* no history */
      WHEN "age_newest_value" = -9999003
      THEN 9 /* too few known months */
      WHEN "age_newest_value" = -9999002
      THEN 10 /* no account with a known opening date */
      WHEN "age_newest_value" < -1.7976931348623157E308
      OR "age_newest_value" > 1.7976931348623157E308
      THEN 11 /* out of range */
      WHEN "age_newest_value" < 5
      THEN 0 /* under 5 months */
      WHEN "age_newest_value" < 8
      THEN 1 /* 5 to under 8 months */
      WHEN "age_newest_value" < 14
      THEN 2 /* 8 to under 14 months */
      WHEN "age_newest_value" < 18
      THEN 3 /* 14 to under 18 months */
      WHEN "age_newest_value" < 21
      THEN 4 /* 18 to under 21 months */
      WHEN "age_newest_value" < 48
      THEN 5 /* 21 to under 48 months */
      WHEN "age_newest_value" < 264
      THEN 6 /* 48 to under 264 months */
      ELSE 7 /* 264 months or more */
    END AS "age_newest_attribute",
    CASE
      WHEN "behind_now_value" IS NULL OR ISNAN("behind_now_value")
      THEN 2 /* no history */
      WHEN "behind_now_value" = -9999003
      THEN 3 /* too few known months */
      WHEN "behind_now_value" = -9999002
      THEN 4 /* no open account with a known status in 3 months */
      WHEN "behind_now_value" < -1.7976931348623157E308
      OR "behind_now_value" > 1.7976931348623157E308
      THEN 5 /* out of range */
      WHEN "behind_now_value" < 1
      THEN 0 /* current */
      ELSE 1 /* 1-29 days late to 120 or more days late */
    END AS "behind_now_attribute",
    CASE
      WHEN "paid_share_value" IS NULL OR ISNAN("paid_share_value")
      THEN 6 /* no history */
      WHEN "paid_share_value" = -9999003
      THEN 7 /* too few known months */
      WHEN "paid_share_value" = -9999002
      THEN 8 /* no bill with a known payment */
      WHEN "paid_share_value" < -1.7976931348623157E308
      OR "paid_share_value" > 1.7976931348623157E308
      THEN 9 /* out of range */
      WHEN "paid_share_value" < 0.6E0
      THEN 0 /* under 60% */
      WHEN "paid_share_value" < 0.82E0
      THEN 1 /* 60% to under 82% */
      WHEN "paid_share_value" < 0.91E0
      THEN 2 /* 82% to under 91% */
      WHEN "paid_share_value" < 0.98E0
      THEN 3 /* 91% to under 98% */
      WHEN "paid_share_value" < 0.999E0
      THEN 4 /* 98% to under 99.9% */
      ELSE 5 /* 99.9% or more */
    END AS "paid_share_attribute",
    CASE
      WHEN "since_late_value" IS NULL OR ISNAN("since_late_value")
      THEN 1 /* no history */
      WHEN "since_late_value" = -9999003
      THEN 2 /* too few known months */
      WHEN "since_late_value" = -9999001
      THEN 3 /* never late */
      WHEN "since_late_value" < -1.7976931348623157E308
      OR "since_late_value" > 1.7976931348623157E308
      THEN 4 /* out of range */
      ELSE 0 /* any value */
    END AS "since_late_attribute",
    CASE
      WHEN "worst_24_value" IS NULL OR ISNAN("worst_24_value")
      THEN 3 /* no history */
      WHEN "worst_24_value" = -9999003
      THEN 4 /* too few known months */
      WHEN "worst_24_value" < -1.7976931348623157E308
      OR "worst_24_value" > 1.7976931348623157E308
      THEN 5 /* out of range */
      WHEN "worst_24_value" < 1
      THEN 0 /* current */
      WHEN "worst_24_value" < 3
      THEN 1 /* 1-29 days late to 30-59 days late */
      ELSE 2 /* 60-89 days late to 120 or more days late */
    END AS "worst_24_attribute"
  FROM typed
), pointed AS (
  SELECT
    "id",
    CASE "use_6_attribute"
      WHEN 0
      THEN 29
      WHEN 1
      THEN 25
      WHEN 2
      THEN 23
      WHEN 3
      THEN 0
      WHEN 4
      THEN 27
      WHEN 5
      THEN 16
      WHEN 6
      THEN 29
      WHEN 7
      THEN 26
      WHEN 8
      THEN 27
    END AS "use_6_points",
    CASE "use_change_attribute"
      WHEN 0
      THEN 57
      WHEN 1
      THEN 52
      WHEN 2
      THEN 16
      WHEN 3
      THEN 0
      WHEN 4
      THEN 51
      WHEN 5
      THEN 51
      WHEN 6
      THEN 31
      WHEN 7
      THEN 51
    END AS "use_change_points",
    CASE "use_max_attribute"
      WHEN 0
      THEN 117
      WHEN 1
      THEN 114
      WHEN 2
      THEN 105
      WHEN 3
      THEN 88
      WHEN 4
      THEN 78
      WHEN 5
      THEN 74
      WHEN 6
      THEN 43
      WHEN 7
      THEN 0
      WHEN 8
      THEN 100
      WHEN 9
      THEN 100
      WHEN 10
      THEN 117
      WHEN 11
      THEN 105
      WHEN 12
      THEN 100
    END AS "use_max_points",
    CASE "use_now_attribute"
      WHEN 0
      THEN 6
      WHEN 1
      THEN 0
      WHEN 2
      THEN 4
      WHEN 3
      THEN 4
      WHEN 4
      THEN 6
      WHEN 5
      THEN 6
      WHEN 6
      THEN 4
    END AS "use_now_points",
    CASE "kinds_attribute"
      WHEN 0
      THEN 0
      WHEN 1
      THEN 35
      WHEN 2
      THEN 39
      WHEN 3
      THEN 45
      WHEN 4
      THEN 35
      WHEN 5
      THEN 35
      WHEN 6
      THEN 35
    END AS "kinds_points",
    CASE "months_known_attribute"
      WHEN 0
      THEN 0
      WHEN 1
      THEN 2
      WHEN 2
      THEN 6
      WHEN 3
      THEN 11
      WHEN 4
      THEN 14
      WHEN 5
      THEN 9
      WHEN 6
      THEN 9
      WHEN 7
      THEN 9
    END AS "months_known_points",
    CASE "age_newest_attribute"
      WHEN 0
      THEN 0
      WHEN 1
      THEN 12
      WHEN 2
      THEN 22
      WHEN 3
      THEN 35
      WHEN 4
      THEN 39
      WHEN 5
      THEN 46
      WHEN 6
      THEN 50
      WHEN 7
      THEN 61
      WHEN 8
      THEN 36
      WHEN 9
      THEN 36
      WHEN 10
      THEN 59
      WHEN 11
      THEN 36
    END AS "age_newest_points",
    CASE "behind_now_attribute"
      WHEN 0
      THEN 59
      WHEN 1
      THEN 0
      WHEN 2
      THEN 57
      WHEN 3
      THEN 57
      WHEN 4
      THEN 59
      WHEN 5
      THEN 57
    END AS "behind_now_points",
    CASE "paid_share_attribute"
      WHEN 0
      THEN 0
      WHEN 1
      THEN 32
      WHEN 2
      THEN 43
      WHEN 3
      THEN 48
      WHEN 4
      THEN 60
      WHEN 5
      THEN 82
      WHEN 6
      THEN 75
      WHEN 7
      THEN 75
      WHEN 8
      THEN 51
      WHEN 9
      THEN 75
    END AS "paid_share_points",
    CASE "since_late_attribute"
      WHEN 0
      THEN 0
      WHEN 1
      THEN 0
      WHEN 2
      THEN 40
      WHEN 3
      THEN 40
      WHEN 4
      THEN 0
    END AS "since_late_points",
    CASE "worst_24_attribute"
      WHEN 0
      THEN 40
      WHEN 1
      THEN 5
      WHEN 2
      THEN 0
      WHEN 3
      THEN 30
      WHEN 4
      THEN 32
      WHEN 5
      THEN 30
    END AS "worst_24_points"
  FROM placed
)
SELECT
  "id",
  "use_6_points",
  "use_change_points",
  "use_max_points",
  "use_now_points",
  "kinds_points",
  "months_known_points",
  "age_newest_points",
  "behind_now_points",
  "paid_share_points",
  "since_late_points",
  "worst_24_points",
  300 + "use_6_points" + "use_change_points" + "use_max_points" + "use_now_points" + "kinds_points" + "months_known_points" + "age_newest_points" + "behind_now_points" + "paid_share_points" + "since_late_points" + "worst_24_points" AS "score"
FROM pointed
