//! List prices, for what an account hasn't used lately: AWS's public prices on demand, before
//! taxes, each with its date. The account's own rates come first.

use super::Meter;

/// 10⁻⁶ dollars for a GiB and month: gp2, gp3, io1 and io2, st1, sc1. us-east-1's are confirmed
/// for September 2026, the others of July 2021.
const STORAGE: [(&str, [i64; 5]); 21] = [
    ("af-south-1", [130_900, 104_700, 164_220, 59_500, 19_992]),
    ("ap-east-1", [132_000, 105_600, 151_800, 59_400, 19_800]),
    ("ap-northeast-1", [120_000, 96_000, 142_000, 54_000, 18_000]),
    ("ap-northeast-2", [114_000, 91_200, 127_800, 51_000, 17_400]),
    ("ap-northeast-3", [120_000, 96_000, 142_000, 54_000, 18_000]),
    ("ap-south-1", [114_000, 91_200, 131_000, 51_000, 17_400]),
    ("ap-southeast-1", [120_000, 96_000, 138_000, 54_000, 18_000]),
    ("ap-southeast-2", [120_000, 96_000, 138_000, 54_000, 18_000]),
    ("ca-central-1", [110_000, 88_000, 138_000, 50_000, 16_800]),
    ("eu-central-1", [119_000, 95_200, 149_000, 54_000, 18_000]),
    ("eu-north-1", [104_500, 83_600, 131_100, 47_500, 15_960]),
    ("eu-south-1", [115_500, 92_400, 144_900, 52_500, 17_640]),
    ("eu-west-1", [110_000, 88_000, 138_000, 50_000, 16_800]),
    ("eu-west-2", [116_000, 92_800, 145_000, 53_000, 17_400]),
    ("eu-west-3", [116_000, 92_800, 145_000, 53_000, 17_400]),
    ("me-south-1", [121_000, 96_800, 151_800, 55_000, 18_480]),
    ("sa-east-1", [190_000, 152_000, 238_000, 86_000, 28_800]),
    ("us-east-1", [100_000, 80_000, 125_000, 45_000, 15_000]),
    ("us-east-2", [100_000, 80_000, 125_000, 45_000, 15_000]),
    ("us-west-1", [120_000, 96_000, 138_000, 54_000, 18_000]),
    ("us-west-2", [100_000, 80_000, 125_000, 45_000, 15_000]),
];

/// Where the table has no price of io2, which costs as much as io1 wherever it has one.
const WITHOUT_IO2: [&str; 7] = [
    "af-south-1",
    "ap-northeast-3",
    "ca-central-1",
    "eu-south-1",
    "eu-west-1",
    "eu-west-3",
    "sa-east-1",
];

/// The region whose prices are all known.
const VIRGINIA: &str = "us-east-1";
const NOW: &str = "list price of September 2026";
const TABLE: &str = "list price of July 2021";
const ADDRESSES: &str = "list price since February 2024";
const AS_IO1: &str = "io1’s list price of July 2021";
const ESTIMATED: &str = "estimated from us-east-1’s list price of September 2026";

/// A price that isn't the account's own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Listed {
    /// 10⁻⁹ dollars for a unit and month, or hour.
    pub each: i64,
    /// Where it comes from, and of when it is.
    pub source: &'static str,
}

/// The list price; `None` where the table has no such region.
///
/// Speed, magnetic disk and snapshots are known in us-east-1 alone: elsewhere speed and disk
/// are taken to be dearer as much as gp3's storage is, and snapshots to cost the same.
pub(super) fn list_price(region: &str, meter: Meter) -> Option<Listed> {
    let (_, storage) = STORAGE.iter().find(|(name, _)| *name == region)?;
    let [gp2, gp3, io, st1, sc1] = *storage;
    let table = match region {
        VIRGINIA => NOW,
        _ => TABLE,
    };
    let elsewhere = match region {
        VIRGINIA => NOW,
        _ => ESTIMATED,
    };
    let stored = |micros: i64| (micros * 1_000, table);
    let dearer = |virginia: i64| (virginia * gp3 / 80_000, elsewhere);
    let (each, source) = match meter {
        Meter::Gp2 => stored(gp2),
        Meter::Gp3 => stored(gp3),
        Meter::Io2 if WITHOUT_IO2.contains(&region) => (io * 1_000, AS_IO1),
        Meter::Io1 | Meter::Io2 => stored(io),
        Meter::St1 => stored(st1),
        Meter::Sc1 => stored(sc1),
        Meter::Magnetic => dearer(50_000_000),
        Meter::Gp3Iops => dearer(5_000_000),
        Meter::Gp3Throughput => dearer(40_960_000_000),
        Meter::Io1Iops | Meter::Io2Iops => dearer(65_000_000),
        Meter::Io2IopsTier2 => dearer(45_500_000),
        Meter::Io2IopsTier3 => dearer(31_850_000),
        Meter::Snapshot if region == "eu-west-2" => (53_000_000, TABLE),
        Meter::Snapshot => (50_000_000, elsewhere),
        Meter::Archive => (12_500_000, elsewhere),
        Meter::IdleAddress => (5_000_000, ADDRESSES),
    };
    Some(Listed { each, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_those_of_the_table_and_say_of_when() {
        let price = |region, meter| list_price(region, meter).map(|one| (one.each, one.source));
        // $0.08 and $0.0952 a GiB, $0.005 an IOPS, $40.96 a GiB/s.
        assert_eq!(price("us-east-1", Meter::Gp3), Some((80_000_000, NOW)));
        assert_eq!(price("eu-central-1", Meter::Gp3), Some((95_200_000, TABLE)));
        assert_eq!(price("us-east-1", Meter::Gp3Iops), Some((5_000_000, NOW)));
        // $0.005 × 0.0952 / 0.08.
        let estimated = Some((5_950_000, ESTIMATED));
        assert_eq!(price("eu-central-1", Meter::Gp3Iops), estimated);
        let throughput = Some((40_960_000_000, NOW));
        assert_eq!(price("us-east-1", Meter::Gp3Throughput), throughput);
        assert_eq!(price("us-east-1", Meter::Magnetic), Some((50_000_000, NOW)));
        assert_eq!(price("eu-west-1", Meter::Io2), Some((138_000_000, AS_IO1)));
        assert_eq!(
            price("eu-west-2", Meter::Snapshot),
            Some((53_000_000, TABLE))
        );
        assert_eq!(
            price("eu-west-3", Meter::Snapshot),
            Some((50_000_000, ESTIMATED))
        );
        assert_eq!(price("mars-1", Meter::Gp3), None);
    }

    #[test]
    fn where_io2_has_no_price_is_in_the_table() {
        for region in WITHOUT_IO2 {
            assert!(list_price(region, Meter::Io1).is_some(), "{region}");
        }
    }
}
