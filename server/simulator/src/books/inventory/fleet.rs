//! Which stories an account has. Data only. A case that must be seen every day has two stories,
//! half a cycle apart, where one alone would miss days.

use super::super::company::Company;
use super::life::{StopStyle, Tags, VolumeKind};
use super::meter::Machine;
use super::plot::{Plot, Public};
use super::story::Story;
use super::teller::Disk;

pub(super) const T3_MEDIUM: Machine = Machine::new("t3.medium", "t3", 416, 2);
const M5_LARGE: Machine = Machine::new("m5.large", "m5", 960, 4);
const M5_BIG: Machine = Machine::new("m5.4xlarge", "m5", 7_680, 32);
const C6I: Machine = Machine::new("c6i.xlarge", "c6i", 1_700, 8);
const R6G: Machine = Machine::new("r6g.xlarge", "r6g", 2_016, 8).on_arm();
const M4: Machine = Machine::new("m4.large", "m4", 1_000, 4);
const C4: Machine = Machine::new("c4.xlarge", "c4", 1_990, 8);
const R3: Machine = Machine::new("r3.large", "r3", 1_660, 4);

const VIRGINIA: &str = "us-east-1";
const IRELAND: &str = "eu-west-1";
const FRANKFURT: &str = "eu-central-1";

const PLATFORM: Tags = &[("Environment", "shared"), ("Team", "platform")];
const SEARCH: Tags = &[("Environment", "shared"), ("Team", "search")];
const DATA: Tags = &[("Environment", "shared"), ("Team", "data")];
const SHARED: Tags = &[("Environment", "shared")];
const NONE: Tags = &[];

use VolumeKind::{Gp2, Gp3, Io1, Io2, Sc1, St1, Standard};

const fn server(machine: &'static Machine, disk: Option<Disk>, public: Public) -> Plot {
    Plot::Server {
        machine,
        disk,
        public,
        backups: disk.is_some(),
    }
}

const fn forgotten(machine: &'static Machine, disk: Disk, elastic: bool, stops: StopStyle) -> Plot {
    Plot::Forgotten {
        machine,
        disk,
        elastic,
        stops,
    }
}

/// Name, region, tags, days of a cycle, phase, plot.
type Row = (&'static str, &'static str, Tags, i64, i64, Plot);

#[rustfmt::skip]
const LARGE: &[Row] = &[
    // Servers that work.
    ("web", VIRGINIA, PLATFORM, 240, 10, Plot::Fleet { machine: &M5_LARGE, count: 3 }),
    ("web-spare", VIRGINIA, PLATFORM, 240, 130, server(&M5_LARGE, None, Public::Lent)),
    ("bastion", VIRGINIA, PLATFORM, 310, 44, server(&T3_MEDIUM, None, Public::Elastic)),
    ("R&D <old> index", VIRGINIA, SEARCH, 420, 5, server(&R6G, Some(Disk::new(Gp3, 800).with(6_000, 500)), Public::No)),
    ("orders-db", VIRGINIA, DATA, 500, 77, server(&R6G, Some(Disk::new(Io1, 400).with(5_000, 0)), Public::No)),
    ("ledger-db", IRELAND, DATA, 510, 301, server(&R6G, Some(Disk::new(Io2, 300).with(4_000, 0)), Public::No)),
    ("reports", VIRGINIA, DATA, 380, 60, server(&C6I, Some(Disk::new(Gp2, 2_000)), Public::No)),
    ("build", IRELAND, PLATFORM, 260, 90, server(&C6I, Some(Disk::new(Gp2, 500)), Public::Lent)),
    ("wiki", IRELAND, SHARED, 450, 200, server(&T3_MEDIUM, Some(Disk::new(Gp2, 100)), Public::Elastic)),
    ("log-store", FRANKFURT, PLATFORM, 400, 20, server(&M5_LARGE, Some(Disk::new(St1, 2_000)), Public::No)),
    ("log-archive", FRANKFURT, PLATFORM, 430, 99, server(&T3_MEDIUM, Some(Disk::new(Sc1, 3_000)), Public::No)),
    ("", FRANKFURT, NONE, 350, 15, server(&T3_MEDIUM, Some(Disk::new(Gp2, 60)), Public::Lent)),
    // Large ones that never stop.
    ("simulation", VIRGINIA, DATA, 700, 350, server(&M5_BIG, None, Public::No)),
    // Of earlier generations.
    ("mail", VIRGINIA, SHARED, 640, 12, server(&M4, Some(Disk::new(Standard, 80)), Public::Elastic)),
    ("thumbnails", IRELAND, SEARCH, 610, 400, server(&C4, None, Public::No)),
    ("cache", FRANKFURT, NONE, 590, 222, server(&R3, None, Public::No)),
    // Only in office hours.
    ("desk", IRELAND, PLATFORM, 120, 31, Plot::Office { machine: &M5_LARGE }),
    // Stopped and forgotten.
    ("migration", VIRGINIA, DATA, 360, 0, forgotten(&M5_LARGE, Disk::new(Gp2, 300), true, StopStyle::ByUser)),
    ("migration-2", VIRGINIA, DATA, 360, 180, forgotten(&M4, Disk::new(Gp3, 250), true, StopStyle::ByUser)),
    ("trial", IRELAND, NONE, 280, 33, forgotten(&C6I, Disk::new(Gp3, 120), true, StopStyle::FromInside)),
    ("trial-2", IRELAND, NONE, 280, 173, forgotten(&C6I, Disk::new(Io1, 100).with(1_500, 0), false, StopStyle::FromInside)),
    ("batch", FRANKFURT, DATA, 330, 66, forgotten(&C6I, Disk::new(Gp2, 40), false, StopStyle::SpotTakenBack)),
    ("batch-2", FRANKFURT, DATA, 330, 231, forgotten(&C6I, Disk::new(Gp3, 60), false, StopStyle::SpotTakenBack)),
    // Volumes that nobody uses.
    ("import", VIRGINIA, DATA, 300, 50, Plot::Leftover { machine: &T3_MEDIUM, disk: Disk::new(Gp2, 700) }),
    ("import-2", VIRGINIA, DATA, 300, 200, Plot::Leftover { machine: &T3_MEDIUM, disk: Disk::new(Gp3, 350) }),
    ("export", IRELAND, SEARCH, 220, 70, Plot::Leftover { machine: &T3_MEDIUM, disk: Disk::new(Gp3, 500).with(4_500, 250) }),
    ("", FRANKFURT, NONE, 340, 40, Plot::Leftover { machine: &M5_LARGE, disk: Disk::new(Io1, 200).with(3_000, 0) }),
    ("restore", VIRGINIA, PLATFORM, 180, 17, Plot::Loose { disk: Disk::new(Gp3, 100) }),
    ("", IRELAND, NONE, 410, 111, Plot::Loose { disk: Disk::new(Gp2, 150) }),
    ("", FRANKFURT, NONE, 530, 262, Plot::Loose { disk: Disk::new(Sc1, 500) }),
    // Young ones: a few days old at most.
    ("runner", VIRGINIA, PLATFORM, 5, 1, Plot::Loose { disk: Disk::new(Gp3, 30) }),
    ("runner", IRELAND, PLATFORM, 9, 3, Plot::Leftover { machine: &T3_MEDIUM, disk: Disk::new(Gp3, 50) }),
    // Addresses.
    ("spare", VIRGINIA, PLATFORM, 270, 140, Plot::Unused),
    ("", IRELAND, NONE, 190, 95, Plot::Unused),
    ("campaign", FRANKFURT, SHARED, 60, 7, Plot::Unused),
    ("nat-a", VIRGINIA, PLATFORM, 720, 30, Plot::Nat),
    ("nat", IRELAND, PLATFORM, 730, 365, Plot::Nat),
    ("edge", VIRGINIA, PLATFORM, 480, 240, Plot::Balancer { addresses: 2, managed: false }),
    ("shop", IRELAND, PLATFORM, 460, 100, Plot::Balancer { addresses: 2, managed: true }),
    // Snapshots that nobody needs, or that only look so.
    ("year-end", VIRGINIA, DATA, 900, 100, Plot::Relics { gib: 400 }),
    ("year-end", VIRGINIA, DATA, 900, 550, Plot::Relics { gib: 250 }),
    ("", IRELAND, NONE, 800, 600, Plot::Relics { gib: 160 }),
    ("golden", VIRGINIA, PLATFORM, 390, 21, Plot::Image),
    ("golden", FRANKFURT, PLATFORM, 390, 216, Plot::Copies),
    ("", VIRGINIA, NONE, 620, 310, Plot::Copies),
    ("backup", IRELAND, SHARED, 35, 2, Plot::Managed),
];

#[rustfmt::skip]
const SMALL: &[Row] = &[
    ("site", VIRGINIA, PLATFORM, 300, 10, server(&T3_MEDIUM, Some(Disk::new(Gp2, 100)), Public::Elastic)),
    ("old-site", VIRGINIA, NONE, 360, 0, forgotten(&T3_MEDIUM, Disk::new(Gp2, 50), true, StopStyle::ByUser)),
    ("old-site", VIRGINIA, NONE, 360, 180, forgotten(&T3_MEDIUM, Disk::new(Gp3, 80), false, StopStyle::FromInside)),
    ("import", IRELAND, PLATFORM, 300, 50, Plot::Leftover { machine: &T3_MEDIUM, disk: Disk::new(Gp3, 90) }),
    ("", IRELAND, NONE, 190, 95, Plot::Unused),
    ("nat", VIRGINIA, PLATFORM, 730, 365, Plot::Nat),
    ("golden", VIRGINIA, PLATFORM, 390, 21, Plot::Copies),
];

/// The stories of the company's payer; none for a company without data.
pub(super) fn stories(company: &Company) -> Vec<Story> {
    let rows = match company.size {
        0 => &[],
        _ if !company.buys("AmazonEC2") => &[],
        ..500_000 => SMALL,
        _ => LARGE,
    };
    rows.iter()
        .zip(0..)
        .map(|((name, region, tags, days, phase, plot), number)| Story {
            number,
            name,
            region,
            tags,
            days: *days,
            phase: *phase,
            plot: plot.clone(),
        })
        .collect()
}
