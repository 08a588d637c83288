//! The binary: reads the command line and runs the library.

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use server::{config::cli::Cli, run};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("cost-tracker: this machine has no room for another process: {error}");
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(run::run(cli));
    // A prompt that nobody answers must not keep the process.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", error.explain());
            ExitCode::from(error.exit_code())
        }
    }
}
