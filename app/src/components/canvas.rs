//! A chart's canvas: what has become of it, and how much it shows.

/// How much of the chart is in view.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser draws")
)]
pub enum Zoom {
    /// As the person left it.
    Free,
    /// The last so many days.
    Days(u32),
    /// Everything.
    All,
}

/// What has become of the canvas.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser draws")
)]
pub enum Canvas {
    /// The script isn't there yet.
    Waiting,
    /// It shows the chart.
    Drawn,
    /// The script couldn't be loaded.
    Failed,
}
