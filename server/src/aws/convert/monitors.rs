//! GetAnomalyMonitors.

use aws_sdk_costexplorer::{
    operation::get_anomaly_monitors::GetAnomalyMonitorsOutput, types::AnomalyMonitor,
};
use domain::anomaly::AwsMonitor;

use super::{
    ConvertError, Told,
    gather::{Gather, Known},
    member::{count, date, required, text},
};

/// Monitors while their pages come in.
pub(in crate::aws) struct Monitors(Known<String, AwsMonitor>);

impl Monitors {
    pub(in crate::aws) const fn new() -> Self {
        Self(Known::new("AnomalyMonitors"))
    }
}

impl Gather for Monitors {
    type Page = Told<GetAnomalyMonitorsOutput>;
    type Whole = Vec<AwsMonitor>;

    fn add(&mut self, page: Self::Page) -> Result<Option<String>, ConvertError> {
        page.any_of(&["AnomalyMonitors"])?;
        for told in page.value.anomaly_monitors {
            let monitor = read(told)?;
            self.0.insert(monitor.arn.clone(), monitor)?;
        }
        Ok(page.value.next_page_token)
    }

    fn finish(self) -> Result<Self::Whole, ConvertError> {
        Ok(self.0.into_values())
    }
}

fn read(told: AnomalyMonitor) -> Result<AwsMonitor, ConvertError> {
    Ok(AwsMonitor {
        created_on: date(told.creation_date(), "CreationDate")?,
        evaluated_on: date(told.last_evaluated_date(), "LastEvaluatedDate")?,
        watched_values: count(told.dimensional_value_count, "DimensionalValueCount")?,
        arn: required(text(told.monitor_arn), "MonitorArn")?,
        name: told.monitor_name,
        kind: told.monitor_type.as_str().into(),
        dimension: told
            .monitor_dimension
            .map(|dimension| dimension.as_str().to_owned()),
    })
}
