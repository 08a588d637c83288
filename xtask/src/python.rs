//! Python for stock AWS clients: a virtual environment of the project's own in the target folder,
//! with what server/tests/clients/requirements.txt pins. Made once for each Python and each
//! change of that file; nothing of the machine's own Python is touched.

use std::path::PathBuf;

use crate::failure::{Failure, Result};
use crate::plan::{Outcome, Step};
use crate::project::Project;
use crate::screen::Screen;
use crate::stamp::{self, Inputs};
use crate::{apt, command};

/// What the clients of the pinned versions need.
const OLDEST: (u32, u32) = (3, 10);

/// The step that makes it.
pub fn step() -> Step {
    Step {
        name: "Python for stock AWS clients",
        work: |project, screen| {
            let _lock = project.lock(screen)?;
            let python = python(project, screen)?;
            let requirements = project.root.join("server/tests/clients/requirements.txt");
            let stamp = Inputs::of("venv, pip install, 1")
                .text(&describe(project).unwrap_or_default())
                .file(&requirements)?
                .stamp();
            let file = folder(project).join(".cost-tracker-stamp");
            if stamp::is_fresh(&file, &stamp) {
                return Ok(Outcome::Fresh);
            }
            make(project, screen, &python)?;
            let mut pip = command::program(project, interpreter(project));
            pip.args(["-m", "pip", "install", "--disable-pip-version-check"])
                .args(["--quiet", "--requirement"])
                .arg(&requirements);
            command::run(
                &mut pip,
                screen,
                "pip can't install the stock AWS clients: see its output above; most often the network or a proxy is the reason.",
            )?;
            stamp::write(&file, &stamp)?;
            Ok(Outcome::DONE)
        },
    }
}

/// The interpreter that has the clients, once the step is done.
pub fn interpreter(project: &Project) -> PathBuf {
    folder(project).join("bin/python")
}

/// The machine's Python, as the doctor says it.
///
/// # Errors
/// One sentence that says what to install.
pub fn describe(project: &Project) -> std::result::Result<String, String> {
    let said = command::answer(command::program(project, "python3").arg("--version"));
    judge(said.as_deref())
}

fn folder(project: &Project) -> PathBuf {
    project.target.join("clients")
}

fn python(project: &Project, screen: &Screen) -> Result<PathBuf> {
    let found = || apt::find(&["python3"]);
    if found().is_none() {
        apt::install(
            project,
            screen,
            &["python3", "python3-venv"],
            "Testing with stock AWS clients",
        )?;
    }
    describe(project).map_err(Failure::new)?;
    found().ok_or_else(|| Failure::new("Python is missing: install Python 3 and try again."))
}

/// Makes the environment anew. Debian keeps the means for that in a package apart.
fn make(project: &Project, screen: &Screen, python: &PathBuf) -> Result<()> {
    let venv = || {
        let mut command = command::program(project, python);
        command.args(["-m", "venv", "--clear"]).arg(folder(project));
        command
    };
    let sentence = "Python can't make a virtual environment: install its `venv` module (Debian: python3-venv) and try again.";
    match command::run(&mut venv(), screen, sentence) {
        Ok(_) => Ok(()),
        Err(failure) if !apt::present() => Err(failure),
        Err(_) => {
            apt::install(
                project,
                screen,
                &["python3-venv"],
                "Testing with stock AWS clients",
            )?;
            command::run(&mut venv(), screen, sentence).map(|_| ())
        }
    }
}

fn judge(said: Option<&str>) -> std::result::Result<String, String> {
    let (major, minor) = OLDEST;
    let what = format!("install Python {major}.{minor} or newer and try again.");
    match said {
        None => Err(format!("Python is missing: {what}")),
        Some(said) if version(said) < OLDEST => Err(format!("{said} is too old: {what}")),
        Some(said) => Ok(said.to_owned()),
    }
}

fn version(said: &str) -> (u32, u32) {
    let mut numbers = said
        .trim_start_matches("Python ")
        .split('.')
        .map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_is_judged_by_its_version() {
        assert_eq!(judge(Some("Python 3.11.2")), Ok("Python 3.11.2".to_owned()));
        assert!(judge(Some("Python 3.9.18")).is_err_and(|text| text.contains("3.9.18")));
        assert!(judge(None).is_err_and(|text| text.starts_with("Python is missing")));
    }
}
