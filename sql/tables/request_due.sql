-- one row per target of time in which requests are to be closed where their source gives no date, and period of validity
create table if not exists lake.request_due (
    request_type varchar,
    department varchar,
    business_days integer,
    days integer,
    valid_from date not null,
    valid_to date
)
