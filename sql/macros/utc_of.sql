-- the instant of a local time of the source whose file is being staged
create or replace macro utc_of(local_time) as
    timezone('$zone', local_time) at time zone 'UTC'
