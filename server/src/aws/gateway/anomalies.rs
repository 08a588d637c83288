//! What AWS itself finds unusual, and where it looks.

use aws_sdk_costexplorer::{
    operation::{
        get_anomalies::{GetAnomaliesOutput, builders::GetAnomaliesInputBuilder},
        get_anomaly_monitors::{
            GetAnomalyMonitorsOutput, builders::GetAnomalyMonitorsInputBuilder,
        },
    },
    types::AnomalyDateInterval,
};
use chrono::NaiveDate;
use domain::{
    anomaly::{AwsAnomaly, AwsMonitor},
    ledger::Operation,
};

use super::{Asked, Asking, Gateway, pages::gather};
use crate::aws::{
    convert::{Anomalies, Listener, Monitors, Told},
    error::AwsError,
    priority::Priority,
    retry::Answered,
    target::Target,
};

impl Gateway {
    /// Asks for the anomalies since a day, of all monitors, the newest first. AWS keeps them
    /// for 90 days. No end is named: AWS refuses today and later ones.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers what can't be read.
    pub async fn anomalies(
        &self,
        target: &Target,
        since: NaiveDate,
        priority: Priority,
    ) -> Result<Asked<Vec<AwsAnomaly>>, AwsError> {
        let asking = Asking::of(target, Operation::GetAnomalies, priority);
        gather(asking, Anomalies::new, |token| {
            self.anomalies_page(asking, since, token)
        })
        .await
    }

    /// Asks where AWS looks for anomalies. Without any monitor it never finds one.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers what can't be read.
    pub async fn anomaly_monitors(
        &self,
        target: &Target,
        priority: Priority,
    ) -> Result<Asked<Vec<AwsMonitor>>, AwsError> {
        let asking = Asking::of(target, Operation::GetAnomalyMonitors, priority);
        gather(asking, Monitors::new, |token| {
            self.monitors_page(asking, token)
        })
        .await
    }

    pub(super) async fn anomalies_page(
        &self,
        asking: Asking<'_>,
        since: NaiveDate,
        token: Option<String>,
    ) -> Result<Answered<Told<GetAnomaliesOutput>>, AwsError> {
        let interval = AnomalyDateInterval::builder()
            .start_date(since.to_string())
            .build();
        let input = GetAnomaliesInputBuilder::default()
            .set_date_interval(interval.ok())
            .set_next_page_token(token);
        self.ask(asking, input, |input, call| async move {
            let listener = Listener::default();
            let client = listener.attached_to(&call.cost_explorer());
            Ok(listener.told(input.send_with(&client).await?))
        })
        .await
    }

    pub(super) async fn monitors_page(
        &self,
        asking: Asking<'_>,
        token: Option<String>,
    ) -> Result<Answered<Told<GetAnomalyMonitorsOutput>>, AwsError> {
        let input = GetAnomalyMonitorsInputBuilder::default().set_next_page_token(token);
        self.ask(asking, input, |input, call| async move {
            let listener = Listener::default();
            let client = listener.attached_to(&call.cost_explorer());
            Ok(listener.told(input.send_with(&client).await?))
        })
        .await
    }
}
