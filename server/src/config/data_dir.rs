//! The data folder: where the database and the generated master key live.

use std::path::PathBuf;

use clap::Args;

/// Options about the data folder.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Storage")]
pub struct DataDirArgs {
    /// Folder for the database and the master key; made when missing
    #[arg(
        long,
        env = "COST_TRACKER_DATA_DIR",
        value_name = "FOLDER",
        default_value = "./data",
        hide_env_values = true
    )]
    pub data_dir: PathBuf,
}
