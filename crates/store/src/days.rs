//! Days as numbers: compact, comparable, and what Arrow's `date32` and SQLite's `date(day * 86400, 'unixepoch')` read.

use demarche_core::Precision;
use jiff::civil::Date;

/// Days since 1970-01-01.
///
/// Arithmetic of the proleptic Gregorian calendar after Hinnant, "chrono-compatible low-level date algorithms" (2013).
pub fn day_number(date: Date) -> i32 {
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The day of a number; `None` beyond the years that dates can have.
pub fn day_of(number: i32) -> Option<Date> {
    let days = number.checked_add(719_468)?;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    Date::new(i16::try_from(year).ok()?, month as i8, day as i8).ok()
}

/// Months since the year 0: 12 × year + month − 1.
pub fn month_number(date: Date) -> i32 {
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

/// Whether a time of this precision can be filed under a month.
pub fn within_a_month(precision: Precision) -> bool {
    matches!(precision, Precision::Hour | Precision::Day | Precision::Week | Precision::Month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_as_the_calendar_does() {
        let epoch = jiff::civil::date(1970, 1, 1);
        assert_eq!(day_number(epoch), 0);
        let mut date = jiff::civil::date(-4, 1, 1);
        let mut number = day_number(date);
        while date.year() < 2405 {
            assert_eq!((day_number(date), day_of(number)), (number, Some(date)));
            date = date.tomorrow().expect("within the calendar");
            number += 1;
        }
        assert_eq!(day_of(i32::MAX), None);
    }
}
