-- one row per method by which contacts and cases were linked
select method, count(*) as links, avg(confidence) as mean_confidence
from lake.contact_case
group by method
order by links desc, method
