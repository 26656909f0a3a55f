-- rows read of every file are good + quarantined + duplicate + blank ones
select
    file_name as place,
    rows_read::double as stated,
    (good + quarantined + duplicate + blank)::double as found,
    null::varchar[] as behind
from lake.load_file
where verdict = 'accepted' and rows_read <> good + quarantined + duplicate + blank
