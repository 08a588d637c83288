//! Pieces that pages share.

#[cfg(feature = "ssr")]
pub mod ahead;
pub mod amount;
pub mod answered;
pub mod asked_list;
pub mod band;
pub mod cadence;
pub mod canvas;
pub mod cap;
#[cfg(any(test, feature = "hydrate"))]
pub mod chart;
#[cfg(any(test, feature = "hydrate"))]
pub mod chart_ahead;
pub mod chart_colours;
pub mod choose;
pub mod chooser;
pub mod consent;
pub mod copy;
pub mod data_table;
#[cfg(feature = "ssr")]
pub mod disagreeing;
#[cfg(feature = "hydrate")]
pub mod drawing;
pub mod explore;
pub mod form;
pub mod frame;
pub mod job_buttons;
pub mod key_end;
pub mod key_fields;
pub mod late;
#[cfg(feature = "hydrate")]
pub mod later;
#[cfg(feature = "hydrate")]
pub mod near;
pub mod of_connection;
pub mod offer;
pub mod options;
pub mod percents;
pub mod policies;
pub mod problem;
pub mod savings_tabs;
pub mod scan_state;
pub mod sync_progress;
pub mod to_explorer;
pub mod words;
