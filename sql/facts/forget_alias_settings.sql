-- no row: forgets the names that came from the centre's settings
delete from lake.alias where how = 'setting'
