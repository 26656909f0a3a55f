-- the fiscal quarter of a day
create or replace macro fiscal_quarter(day) as
    'FY' || year(day + to_months((13 - $fiscal_month) % 12)) || ' Q' || quarter(day + to_months((13 - $fiscal_month) % 12))
