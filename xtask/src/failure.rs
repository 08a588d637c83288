//! What is said when a step can't go on: one sentence for the person, then
//! whatever the failing command printed. Decides nothing.

/// A step that could not go on.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    /// One sentence: what is missing or wrong, and what to do about it.
    pub sentence: String,
    /// The failing command's own output; empty when no command failed.
    pub output: String,
}

/// What every step returns.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure that needs no more than its sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            output: String::new(),
        }
    }

    /// A failure with the output of the command that failed.
    pub fn with_output(sentence: impl Into<String>, output: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            output: output.into(),
        }
    }

    /// The whole report: output first, so that the sentence is what stands
    /// last on the screen.
    pub fn report(&self) -> String {
        let output = essential(&self.output);
        if output.is_empty() {
            format!("\n{}\n", self.sentence)
        } else {
            format!("\n{output}\n\n{}\n", self.sentence)
        }
    }
}

/// Turns an I/O error into a failure that says what was being done.
pub fn io(what: impl std::fmt::Display) -> impl FnOnce(std::io::Error) -> Failure {
    move |error| Failure::new(format!("{what} failed: {error}."))
}

/// Cargo's lines of progress say nothing about a failure; everything else stays.
fn essential(output: &str) -> String {
    const PROGRESS: [&str; 9] = [
        "Compiling ",
        "Checking ",
        "Downloading ",
        "Downloaded ",
        "Fresh ",
        "Finished ",
        "Updating ",
        "Locking ",
        "Blocking ",
    ];
    output
        .lines()
        .filter(|line| {
            let text = line.trim_start();
            !(line.starts_with(' ') && PROGRESS.iter().any(|word| text.starts_with(word)))
        })
        .collect::<Vec<_>>()
        .join("\n")
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_ends_with_the_sentence() {
        let failure = Failure::with_output("Fix it.", "error: no such thing\n");
        assert_eq!(failure.report(), "\nerror: no such thing\n\nFix it.\n");
    }

    #[test]
    fn a_report_without_output_is_the_sentence_alone() {
        assert_eq!(
            Failure::new("Node is missing.").report(),
            "\nNode is missing.\n"
        );
    }

    #[test]
    fn progress_is_left_out_and_errors_stay() {
        let output = "   Compiling serde v1.0.0\nerror[E0425]: not found\n  --> src/lib.rs:1:1\n    Finished in 1 s\n";
        assert_eq!(
            essential(output),
            "error[E0425]: not found\n  --> src/lib.rs:1:1"
        );
    }

    #[test]
    fn text_that_begins_like_progress_but_is_not_indented_stays() {
        assert_eq!(
            essential("Checking formatting failed"),
            "Checking formatting failed"
        );
    }
}
