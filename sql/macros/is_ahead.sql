-- whether an export is dated after this machine's clock: loaded while a clock was ahead, it yields to what comes later
create or replace macro is_ahead(exported_at) as
    exported_at > timestamp '$until'
