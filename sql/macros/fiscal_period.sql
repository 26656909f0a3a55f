-- the fiscal month of a day, counted from the first of the fiscal year
create or replace macro fiscal_period(day) as
    'FY' || year(day + to_months((13 - $fiscal_month) % 12))
        || printf(' P%02d', month(day + to_months((13 - $fiscal_month) % 12)))
