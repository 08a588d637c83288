//! A plan: steps in order, numbered, named and timed. It stops at the first
//! failure and knows nothing about what the steps do.

use crate::failure::Result;
use crate::project::Project;
use crate::screen::Screen;

/// How a step ended well.
pub enum Outcome {
    /// It did its work; a remark, such as a number of tests, may follow the time.
    Done(Option<String>),
    /// Everything was as it should be.
    Fresh,
}

impl Outcome {
    /// Done, and nothing more to say.
    pub const DONE: Self = Self::Done(None);
}

/// One step of a plan.
pub struct Step {
    /// What it does, as the person reads it: "Building the browser half".
    pub name: &'static str,
    /// The work.
    pub work: fn(&Project, &Screen) -> Result<Outcome>,
}

/// Carries the steps out, one after the other.
///
/// # Errors
/// The failure of the first step that could not go on.
pub fn carry_out(project: &Project, steps: Vec<Step>) -> Result<()> {
    let of = steps.len();
    for (index, step) in steps.iter().enumerate() {
        let screen = Screen::start(index + 1, of, step.name);
        match (step.work)(project, &screen) {
            Ok(outcome) => screen.finish(&remark(&outcome, &screen.took())),
            Err(failure) => {
                screen.finish(&format!("failed after {}", screen.took()));
                return Err(failure);
            }
        }
    }
    Ok(())
}

fn remark(outcome: &Outcome, took: &str) -> String {
    match outcome {
        Outcome::Done(None) => took.to_owned(),
        Outcome::Done(Some(more)) => format!("{took} ({more})"),
        Outcome::Fresh => "nothing to do".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_tell_work_from_no_work() {
        assert_eq!(remark(&Outcome::DONE, "62 s"), "62 s");
        assert_eq!(
            remark(&Outcome::Done(Some("212 tests".to_owned())), "34 s"),
            "34 s (212 tests)"
        );
        assert_eq!(remark(&Outcome::Fresh, "0.0 s"), "nothing to do");
    }
}
