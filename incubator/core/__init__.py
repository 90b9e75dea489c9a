"""What every room stands on: settings, database, errors, clock, text, pages. No noun of the incubator lives here."""
