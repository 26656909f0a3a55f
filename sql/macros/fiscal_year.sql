-- the fiscal year of a day, named after the calendar year in which it ends
create or replace macro fiscal_year(day) as
    'FY' || year(day + to_months((13 - $fiscal_month) % 12))
