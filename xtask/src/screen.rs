//! What a person sees while a step works: its number, its name, how long it
//! takes, and the last thing that its command said. Runs nothing itself.

use std::cell::Cell;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often a step that works in silence shows that it is alive, where the
/// line can't be rewritten (a log file, CI).
const HEARTBEAT: Duration = Duration::from_secs(30);

/// The display of one step.
pub struct Screen {
    title: String,
    started: Instant,
    terminal: bool,
    last_beat: Cell<Instant>,
    line_open: Cell<bool>,
}

impl Screen {
    /// Announces a step: `[3/8] Building the browser half … `.
    pub fn start(number: usize, of: usize, name: &str) -> Self {
        let now = Instant::now();
        let screen = Self {
            title: title(number, of, name),
            started: now,
            terminal: std::io::stdout().is_terminal(),
            last_beat: Cell::new(now),
            line_open: Cell::new(true),
        };
        screen.print(&format!("{} … ", screen.title));
        screen
    }

    /// Shows the command's latest line: at once on a terminal, now and then in
    /// a log.
    pub fn tick(&self, latest: &str) {
        let latest = plain(latest);
        let seconds = self.started.elapsed().as_secs();
        if self.terminal {
            let text = clip(
                &format!("{} … {seconds} s  {}", self.title, latest.trim()),
                columns(),
            );
            self.print(&format!("\r\x1b[2K{text}"));
        } else if self.last_beat.get().elapsed() >= HEARTBEAT {
            self.last_beat.set(Instant::now());
            let newline = if self.line_open.replace(false) {
                "\n"
            } else {
                ""
            };
            self.print(&format!("{newline}      {seconds} s: {}\n", latest.trim()));
        }
    }

    /// Says something on its own line, for what a person should know even
    /// though nothing failed.
    pub fn say(&self, text: &str) {
        if self.terminal {
            self.print(&format!("\r\x1b[2K      {text}\n"));
        } else {
            let newline = if self.line_open.replace(false) {
                "\n"
            } else {
                ""
            };
            self.print(&format!("{newline}      {text}\n"));
        }
    }

    /// Closes the step's line with its time, or with why there was nothing to do.
    pub fn finish(&self, remark: &str) {
        let text = format!("{} … {remark}", self.title);
        if self.terminal {
            self.print(&format!("\r\x1b[2K{text}\n"));
        } else if self.line_open.get() {
            self.print(&format!("{remark}\n"));
        } else {
            self.print(&format!("{text}\n"));
        }
    }

    /// The time since the step began, as people say it.
    pub fn took(&self) -> String {
        time(self.started.elapsed())
    }

    fn print(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        // A closed pipe (`| head`) is no reason to stop building.
        let _ = out.write_all(text.as_bytes());
        let _ = out.flush();
    }
}

fn title(number: usize, of: usize, name: &str) -> String {
    format!("[{number}/{of}] {name}")
}

/// `0.3 s`, `62 s`, `12 min 5 s`.
fn time(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    if seconds < 10 {
        format!("{:.1} s", elapsed.as_secs_f32())
    } else if seconds < 120 {
        format!("{seconds} s")
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

/// A line without colours and other control sequences, which would outlive the
/// place where they are cut.
fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            // A sequence ends with its first letter: `ESC [ 3 1 m`, `ESC ( B`.
            let _ = letters.find(char::is_ascii_alphabetic);
        } else if !letter.is_control() {
            text.push(letter);
        }
    }
    text
}

/// Cuts a line to the terminal's width, or rewriting it would leave its
/// beginning behind.
fn clip(text: &str, columns: usize) -> String {
    if text.chars().count() < columns {
        text.to_owned()
    } else {
        text.chars()
            .take(columns.saturating_sub(2))
            .chain(['…'])
            .collect()
    }
}

/// The terminal's width where the shell tells it, else a width that is safe.
fn columns() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|value| value.parse().ok())
        .filter(|&width: &usize| width >= 20)
        .unwrap_or(79)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_counts_and_names() {
        assert_eq!(
            title(3, 8, "Building the browser half"),
            "[3/8] Building the browser half"
        );
    }

    #[test]
    fn times_read_like_speech() {
        assert_eq!(time(Duration::from_millis(340)), "0.3 s");
        assert_eq!(time(Duration::from_secs(62)), "62 s");
        assert_eq!(time(Duration::from_secs(725)), "12 min 5 s");
    }

    #[test]
    fn colours_are_taken_out() {
        assert_eq!(plain("\u{1b}[31m-old\u{1b}(B\u{1b}[m\r"), "-old");
        assert_eq!(plain("Compiling ä v1"), "Compiling ä v1");
    }

    #[test]
    fn long_lines_are_cut_at_characters() {
        assert_eq!(clip("äöü", 10), "äöü");
        assert_eq!(clip("ääääääääää", 6), "ääää…");
    }
}
