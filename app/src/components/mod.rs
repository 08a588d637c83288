//! Pieces that pages share.

pub mod ahead;
pub mod amount;
pub mod answered;
pub mod cadence;
pub mod cap;
#[cfg(any(test, feature = "hydrate"))]
pub mod chart;
pub mod chart_colours;
pub mod chart_view;
pub mod chooser;
pub mod copy;
pub mod daily_table;
pub mod data_table;
pub mod disagreeing;
#[cfg(feature = "hydrate")]
pub mod drawing;
pub mod figures;
pub mod form;
pub mod frame;
pub mod fresh;
pub mod job_buttons;
pub mod key_end;
pub mod key_fields;
pub mod monthly_table;
pub mod moved;
pub mod of_connection;
pub mod options;
pub mod policies;
pub mod problem;
pub mod said;
pub mod sync_progress;
pub mod way;
pub mod words;
