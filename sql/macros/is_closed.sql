-- whether a case in this status is done with
create or replace macro is_closed(status) as
    status in ('closed', 'duplicate', 'cancelled', 'merged')
