-- how long somebody had been with the centre on a day, in bands
create or replace macro tenure(hired_on, day) as
    case
        when hired_on is null then null
        when day < hired_on + interval 3 month then 'under 3 months'
        when day < hired_on + interval 1 year then '3 to 12 months'
        when day < hired_on + interval 3 year then '1 to 3 years'
        else 'over 3 years'
    end
