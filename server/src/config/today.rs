//! Whether another day than the real one is played. Reads no clock.

use chrono::NaiveDate;
use clap::Args;

use super::{aws::LoopbackUrl, error::ConfigError};

/// The option to play another day.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Trying things out")]
pub struct TodayArgs {
    /// Play another day, for tests
    ///
    /// The real AWS can't play along: all AWS calls then go to
    /// --aws-endpoint-url or, without it, to the built-in simulator.
    #[arg(
        long,
        env = "COST_TRACKER_TODAY",
        value_name = "YYYY-MM-DD",
        hide_short_help = true,
        hide_env_values = true
    )]
    pub today: Option<NaiveDate>,
}

/// The day to play, where something can play it.
///
/// # Errors
/// There is neither a simulator elsewhere nor the built-in one.
pub fn resolve(
    args: TodayArgs,
    sample_account: bool,
    endpoint: Option<&LoopbackUrl>,
) -> Result<Option<NaiveDate>, ConfigError> {
    if args.today.is_some() && !sample_account && endpoint.is_none() {
        return Err(ConfigError::new(
            "The real AWS can't play another day: drop --today, or give a loopback \
             --aws-endpoint-url, or leave the sample account on.",
        ));
    }
    Ok(args.today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_simulators_play_another_day() {
        let today: Option<NaiveDate> = Some("2020-02-29".parse().unwrap());
        let simulator = LoopbackUrl::parse("http://127.0.0.1:4599").unwrap();
        let args = TodayArgs { today };
        assert!(resolve(args, false, None).is_err());
        assert_eq!(resolve(args, true, None).unwrap(), today);
        assert_eq!(resolve(args, false, Some(&simulator)).unwrap(), today);
        let real = TodayArgs { today: None };
        assert_eq!(resolve(real, false, None).unwrap(), None);
    }
}
