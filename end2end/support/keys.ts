// The simulator's key pairs, as `server/simulator/src/keys.rs` has them. They
// open nothing anywhere else.

/** What one types into the form. */
export interface Key {
  readonly id: string;
  readonly secret: string;
  readonly token?: string;
  readonly account: string;
}

const SAMPLE = "123456789012";

export const GOOD: Key = {
  id: "AKIASIMULATORGOOD001",
  secret: "SimulatorOnly/NotARealSecret+Good0000001",
  account: SAMPLE,
};
export const GOOD_SECOND: Key = {
  id: "AKIASIMULATORGOOD002",
  secret: "SimulatorOnly/NotARealSecret+Good0000002",
  account: SAMPLE,
};
export const OTHER_ACCOUNT: Key = {
  id: "AKIASIMULATOROTHER01",
  secret: "SimulatorOnly/NotARealSecret+Other000001",
  account: "210987654321",
};
export const EXPIRED: Key = {
  id: "ASIASIMULATOREXPIRED",
  secret: "SimulatorOnly/NotARealSecret+Expired0001",
  token: "SimulatorOnlySessionToken//Expired000001==",
  account: SAMPLE,
};
export const NO_PERMISSION: Key = {
  id: "AKIASIMULATORDENIED1",
  secret: "SimulatorOnly/NotARealSecret+Denied00001",
  account: SAMPLE,
};
export const BRAND_NEW: Key = {
  id: "AKIASIMULATORNEWACCT",
  secret: "SimulatorOnly/NotARealSecret+BrandNew001",
  account: "333344445555",
};

export const ASSUME_ONLY: Key = {
  id: "AKIASIMULATORASSUME1",
  secret: "SimulatorOnly/NotARealSecret+AssumeOnly1",
  account: SAMPLE,
};
export const TEMPORARY: Key = {
  id: "ASIASIMULATORTEMP001",
  secret: "SimulatorOnly/NotARealSecret+Temp0000001",
  token: "SimulatorOnlySessionToken//Temporary0001==",
  account: SAMPLE,
};

/** A role of the other company, which trusts whom it is told to. */
export const OTHER_READER = {
  arn: "arn:aws:iam::210987654321:role/CostReader",
  account: OTHER_ACCOUNT.account,
};

/** May read costs and nothing else. */
export const COSTS_ONLY: Key = {
  id: "AKIASIMULATORCOSTS01",
  secret: "SimulatorOnly/NotARealSecret+CostsOnly01",
  account: SAMPLE,
};

/** Looks right and isn't. */
export const WRONG_SECRET = "SimulatorOnly/NotARealSecret+Wrong000001";

/** Every secret that a test types. */
export const SECRETS: readonly string[] = [
  ...[GOOD, GOOD_SECOND, OTHER_ACCOUNT, EXPIRED, NO_PERMISSION, BRAND_NEW, ASSUME_ONLY, TEMPORARY, COSTS_ONLY].flatMap(
    ({ secret, token }) => (token === undefined ? [secret] : [secret, token]),
  ),
  WRONG_SECRET,
];
