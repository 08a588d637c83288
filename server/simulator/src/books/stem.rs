//! A stem: one usage type of one service as the price list knows it, before it is spread over
//! accounts, regions and tags.

/// What kind of charge a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Usage,
    /// Usage that a Savings Plan covers: charged, then taken back by the negation.
    PlanCovered,
    PlanNegation,
    PlanFee,
    PlanUpfront,
    /// Usage that a reservation covers: costs nothing unblended.
    ReservedUsage,
    ReservedFee,
    Support,
    Fee,
    Credit,
    Refund,
    Tax,
}

impl Kind {
    /// The `RECORD_TYPE`.
    pub(crate) fn record_type(self) -> &'static str {
        match self {
            Self::Usage => "Usage",
            Self::PlanCovered => "SavingsPlanCoveredUsage",
            Self::PlanNegation => "SavingsPlanNegation",
            Self::PlanFee => "SavingsPlanRecurringFee",
            Self::PlanUpfront => "SavingsPlanUpfrontFee",
            Self::ReservedUsage => "DiscountedUsage",
            Self::ReservedFee => "Recurring",
            Self::Support => "Support",
            Self::Fee => "Fee",
            Self::Credit => "Credit",
            Self::Refund => "Refund",
            Self::Tax => "Tax",
        }
    }
}

/// On which days a line has amounts, and how they move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rhythm {
    /// Follows people at work: quieter at the weekend.
    Business,
    /// Runs day and night.
    Steady,
    /// Committed capacity: hardly moves and does not grow.
    Committed,
    /// Charged whole on the first of the month.
    MonthStart,
    /// Charged whole once a year.
    YearDay,
    /// Comes once a quarter.
    Quarter,
    /// Only while somebody forgot to switch something off.
    Spike,
    /// As the inventory has it: the account of this number.
    Metered(u32),
}

/// Where a stem is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Every account, most regions.
    Everywhere,
    /// Every account, first region only.
    Home,
    /// Every account, no region.
    Global,
    /// The payer alone, no region.
    Payer,
    /// The production account's first region.
    Production,
    /// The data account's first region (production's where there is none).
    Data,
    /// Candidates for the spike.
    Spike,
}

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stem {
    pub service: &'static str,
    pub code: &'static str,
    pub usage: &'static str,
    pub operation: &'static str,
    pub unit: &'static str,
    /// 10⁻¹⁰ dollars a unit.
    pub price: i64,
    /// What the sample company spends on it on a plain day, in cents.
    pub cents: i64,
    pub kind: Kind,
    pub rhythm: Rhythm,
    pub place: Place,
    pub instance: Option<(&'static str, &'static str, i64)>,
    pub engine: Option<&'static str>,
    pub cache: Option<&'static str>,
    pub deployment: Option<&'static str>,
    pub spot: bool,
    /// Extra growth, parts in a million a month.
    pub growth: i64,
    pub tagged: bool,
}

impl Stem {
    /// Plain usage everywhere, following the working week.
    pub(crate) const fn new(
        service: (&'static str, &'static str),
        usage: (&'static str, &'static str),
        unit: &'static str,
        price: i64,
        cents: i64,
    ) -> Self {
        Self {
            service: service.0,
            code: service.1,
            usage: usage.0,
            operation: usage.1,
            unit,
            price,
            cents,
            kind: Kind::Usage,
            rhythm: Rhythm::Business,
            place: Place::Everywhere,
            instance: None,
            engine: None,
            cache: None,
            deployment: None,
            spot: false,
            growth: 0,
            tagged: true,
        }
    }

    pub(crate) const fn steady(mut self) -> Self {
        self.rhythm = Rhythm::Steady;
        self
    }

    pub(crate) const fn rhythm(mut self, rhythm: Rhythm) -> Self {
        self.rhythm = rhythm;
        self
    }

    pub(crate) const fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    pub(crate) const fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Instance type, its family, and normalized units an hour.
    pub(crate) const fn on(
        mut self,
        instance: &'static str,
        family: &'static str,
        units: i64,
    ) -> Self {
        self.instance = Some((instance, family, units));
        self
    }

    pub(crate) const fn engine(mut self, engine: &'static str, deployment: &'static str) -> Self {
        self.engine = Some(engine);
        self.deployment = Some(deployment);
        self
    }

    pub(crate) const fn cache(mut self, engine: &'static str) -> Self {
        self.cache = Some(engine);
        self
    }

    pub(crate) const fn spot(mut self) -> Self {
        self.spot = true;
        self
    }

    pub(crate) const fn growing(mut self, growth: i64) -> Self {
        self.growth = growth;
        self
    }

    pub(crate) const fn untagged(mut self) -> Self {
        self.tagged = false;
        self
    }
}
