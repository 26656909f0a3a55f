-- the instant of a local time in a zone; of an hour that a clock change repeats the later passing, as DuckDB takes it
create or replace macro instant_in(zone, shown) as
    case
        when convert_timezone('UTC', zone, timestampadd(HOUR, 1, convert_timezone(zone, 'UTC', shown))) = cast(shown as timestamp_ntz)
            then timestampadd(HOUR, 1, convert_timezone(zone, 'UTC', shown))
        when convert_timezone('UTC', zone, timestampadd(MINUTE, 30, convert_timezone(zone, 'UTC', shown))) = cast(shown as timestamp_ntz)
            then timestampadd(MINUTE, 30, convert_timezone(zone, 'UTC', shown))
        else convert_timezone(zone, 'UTC', shown)
    end
