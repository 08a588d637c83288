//! Texts in files that spreadsheets open. Pure.

/// A text that no spreadsheet takes for a formula: names and tags are anybody's words.
#[must_use]
pub fn harmless(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_becomes_a_formula() {
        assert_eq!(harmless("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(harmless("@sum"), "'@sum");
        assert_eq!(harmless("Amazon S3"), "Amazon S3");
        assert_eq!(harmless(""), "");
    }
}
