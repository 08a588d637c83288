//! List prices, for what an account hasn't used lately: AWS's public prices as of
//! [`AS_OF`], on demand, before taxes. The account's own rates come first.

use super::Meter;

/// The day of the table.
pub const AS_OF: &str = "2026-09-30";

/// 10⁻⁶ dollars for a GiB and month: gp2, gp3, io1 and io2, st1, sc1.
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

/// 10⁻⁹ dollars for a unit and month, or hour; `None` where the table has no price.
///
/// Speed is priced in us-east-1's table alone; elsewhere it is taken to be dearer as much as
/// gp3's storage is.
pub(super) fn list_price(region: &str, meter: Meter) -> Option<i64> {
    let (_, storage) = STORAGE.iter().find(|(name, _)| *name == region)?;
    let [gp2, gp3, io, st1, sc1] = *storage;
    let dearer = |virginia: i64| virginia * gp3 / 80_000;
    Some(match meter {
        Meter::Gp2 => gp2 * 1_000,
        Meter::Gp3 => gp3 * 1_000,
        Meter::Io1 | Meter::Io2 => io * 1_000,
        Meter::St1 => st1 * 1_000,
        Meter::Sc1 => sc1 * 1_000,
        Meter::Magnetic => dearer(50_000_000),
        Meter::Gp3Iops => dearer(5_000_000),
        Meter::Gp3Throughput => dearer(40_960_000_000),
        Meter::Io1Iops | Meter::Io2Iops => dearer(65_000_000),
        Meter::Io2IopsTier2 => dearer(45_500_000),
        Meter::Io2IopsTier3 => dearer(31_850_000),
        Meter::Snapshot => 50_000_000,
        Meter::Archive => 12_500_000,
        Meter::IdleAddress => 5_000_000,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_those_of_the_table() {
        // $0.08 and $0.0952 a GiB, $0.005 an IOPS, $40.96 a GiB/s.
        assert_eq!(list_price("us-east-1", Meter::Gp3), Some(80_000_000));
        assert_eq!(list_price("eu-central-1", Meter::Gp3), Some(95_200_000));
        assert_eq!(list_price("us-east-1", Meter::Gp3Iops), Some(5_000_000));
        assert_eq!(
            list_price("us-east-1", Meter::Gp3Throughput),
            Some(40_960_000_000)
        );
        assert_eq!(list_price("us-east-1", Meter::Magnetic), Some(50_000_000));
        assert_eq!(list_price("mars-1", Meter::Gp3), None);
    }
}
