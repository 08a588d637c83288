//! GetAnomalies. Its amounts are JSON numbers; the SDK makes 0 of some that AWS left out,
//! and an anomaly without any impact is none, so 0 is read as nothing said.

use aws_sdk_costexplorer::{
    operation::get_anomalies::GetAnomaliesOutput,
    types::{Anomaly, RootCause as ToldCause},
};
use domain::{
    anomaly::{AwsAnomaly, Impact, RootCause},
    money::Nanos,
};

use super::{
    ConvertError, Told,
    gather::{Gather, Known},
    member::{Place, date, float, float_money, required, text},
};

/// Anomalies while their pages come in.
pub(in crate::aws) struct Anomalies(Known<String, AwsAnomaly>);

impl Anomalies {
    pub(in crate::aws) const fn new() -> Self {
        Self(Known::new("Anomalies"))
    }
}

impl Gather for Anomalies {
    type Page = Told<GetAnomaliesOutput>;
    type Whole = Vec<AwsAnomaly>;

    fn add(&mut self, page: Self::Page) -> Result<Option<String>, ConvertError> {
        page.any_of(&["Anomalies"])?;
        for told in page.value.anomalies {
            let anomaly = read(told)?;
            self.0.insert(anomaly.id.clone(), anomaly)?;
        }
        Ok(page.value.next_page_token)
    }

    /// The newest first.
    fn finish(self) -> Result<Self::Whole, ConvertError> {
        let mut anomalies = self.0.into_values();
        anomalies.sort_by(|one, other| (other.start, &one.id).cmp(&(one.start, &other.id)));
        Ok(anomalies)
    }
}

fn read(told: Anomaly) -> Result<AwsAnomaly, ConvertError> {
    let score = required(told.anomaly_score.as_ref(), "AnomalyScore")?;
    let causes = told.root_causes.unwrap_or_default();
    Ok(AwsAnomaly {
        start: date(told.anomaly_start_date.as_deref(), "AnomalyStartDate")?,
        end: date(told.anomaly_end_date.as_deref(), "AnomalyEndDate")?,
        max_score: float(score.max_score, "AnomalyScore.MaxScore")?,
        current_score: float(score.current_score, "AnomalyScore.CurrentScore")?,
        impact: impact(required(told.impact.as_ref(), "Impact")?)?,
        id: required(text(Some(told.anomaly_id)), "AnomalyId")?,
        monitor: required(text(Some(told.monitor_arn)), "MonitorArn")?,
        subject: text(told.dimension_value),
        feedback: told.feedback.map(|feedback| feedback.as_str().into()),
        root_causes: causes.into_iter().map(cause).collect::<Result<_, _>>()?,
    })
}

fn impact(told: &aws_sdk_costexplorer::types::Impact) -> Result<Impact, ConvertError> {
    let money = |number: Option<f64>, place: Place| {
        let amount = number.map(|number| float_money(number, place));
        amount.transpose()
    };
    let percent = told.total_impact_percentage;
    Ok(Impact {
        total: unless_zero(told.total_impact, "Impact.TotalImpact")?,
        worst_day: unless_zero(told.max_impact, "Impact.MaxImpact")?,
        actual: money(told.total_actual_spend, "Impact.TotalActualSpend")?,
        expected: money(told.total_expected_spend, "Impact.TotalExpectedSpend")?,
        percent: percent
            .map(|percent| float(percent, "Impact.TotalImpactPercentage"))
            .transpose()?,
    })
}

fn cause(told: ToldCause) -> Result<RootCause, ConvertError> {
    let contribution = told.impact.map(|impact| impact.contribution);
    Ok(RootCause {
        service: text(told.service),
        region: text(told.region),
        account: text(told.linked_account),
        account_name: text(told.linked_account_name),
        usage_type: text(told.usage_type),
        contribution: contribution
            .map(|number| unless_zero(number, "RootCauses.Impact.Contribution"))
            .transpose()?
            .flatten(),
    })
}

fn unless_zero(number: f64, place: Place) -> Result<Option<Nanos>, ConvertError> {
    Ok(Some(float_money(number, place)?).filter(|_| number != 0.0))
}
