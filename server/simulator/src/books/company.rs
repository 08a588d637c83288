//! The companies behind the key pairs: their accounts and their size.

/// A linked account and the part of the company's cost that is its own.
#[derive(Debug)]
pub struct Account {
    /// Twelve digits.
    pub id: &'static str,
    /// The name Cost Explorer shows (`DimensionValueAttributes`).
    pub name: &'static str,
    pub(crate) role: Role,
    /// Parts in a million of the company's usage.
    pub(crate) weight: i64,
}

/// What an account is for; decides its tags and which services it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Payer,
    Production,
    Staging,
    Data,
}

impl Company {
    /// Whether it buys the service with this product code.
    pub(crate) fn buys(&self, code: &str) -> bool {
        self.buys.is_none_or(|codes| codes.contains(&code))
    }
}

/// An organization with one bill.
#[derive(Debug)]
pub struct Company {
    /// The account that pays and that Cost Explorer is asked in.
    pub payer: &'static str,
    /// All linked accounts, the payer among them.
    pub accounts: &'static [Account],
    /// Parts in a million of the sample company's size.
    pub(crate) size: i64,
    /// Product codes of the services that it buys; `None` for everything in the catalogue.
    pub(crate) buys: Option<&'static [&'static str]>,
    /// Told apart in the seed, so that two companies never have the same numbers.
    pub(crate) salt: u64,
    /// Whether it has switched multi-year history on: months as far back as 38, not 14.
    pub(crate) multi_year: bool,
}

/// The sample company: four accounts, some tens of thousands of dollars a month.
pub const SAMPLE: Company = Company {
    payer: "123456789012",
    accounts: &[
        Account {
            id: "123456789012",
            name: "Lantern Books",
            role: Role::Payer,
            weight: 90_000,
        },
        Account {
            id: "111122223333",
            name: "lantern-production",
            role: Role::Production,
            weight: 580_000,
        },
        Account {
            id: "444455556666",
            name: "lantern-staging",
            role: Role::Staging,
            weight: 160_000,
        },
        Account {
            id: "777788889999",
            name: "lantern-data",
            role: Role::Data,
            weight: 170_000,
        },
    ],
    size: 1_000_000,
    buys: None,
    salt: 1,
    multi_year: false,
};

/// A second, smaller company.
pub const OTHER: Company = Company {
    payer: "210987654321",
    accounts: &[
        Account {
            id: "210987654321",
            name: "Paper Boat",
            role: Role::Payer,
            weight: 300_000,
        },
        Account {
            id: "222233334444",
            name: "paper-boat-live",
            role: Role::Production,
            weight: 700_000,
        },
    ],
    size: 120_000,
    buys: None,
    salt: 2,
    multi_year: false,
};

/// A shop with one account, a few services and nothing in EC2: for years that pass in seconds.
pub const SHOP: Company = Company {
    payer: "121234345656",
    accounts: &[Account {
        id: "121234345656",
        name: "Corner Shop",
        role: Role::Payer,
        weight: 1_000_000,
    }],
    size: 30_000,
    buys: Some(&["AmazonS3", "AWSCostExplorer", "AWSSupportBusiness", "Tax"]),
    salt: 4,
    multi_year: false,
};

/// The same kind of shop, which has switched multi-year history on.
pub const ARCHIVE: Company = Company {
    payer: "343456567878",
    accounts: &[Account {
        id: "343456567878",
        name: "Old Bindery",
        role: Role::Payer,
        weight: 1_000_000,
    }],
    salt: 5,
    multi_year: true,
    ..SHOP
};

/// A company that opened its account today: nothing on the bill.
pub const NEWCOMER: Company = Company {
    payer: "333344445555",
    accounts: &[Account {
        id: "333344445555",
        name: "First Light",
        role: Role::Payer,
        weight: 1_000_000,
    }],
    size: 0,
    buys: None,
    salt: 3,
    multi_year: false,
};
