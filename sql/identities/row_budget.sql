-- one row per loaded file whose rows read are not good + quarantined + duplicate + blank
select
    file_name as place,
    rows_read::double as stated,
    (good + quarantined + duplicate + blank)::double as found
from lake.load_file
where verdict = 'accepted' and rows_read <> good + quarantined + duplicate + blank
