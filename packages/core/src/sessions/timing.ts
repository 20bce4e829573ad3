/** All waits and periods of a session, in ms. Injected, so that an impatient caller or a test can say others. */
export interface Timing {
  /** How long a record holds without renewal, as written into the Lease. */
  readonly durationMs: number;
  readonly renewMs: number;
  /** Added to a Lease's end before anybody calls it expired. */
  readonly expiryGraceMs: number;
  /** For the mesh's proxies to hear of a change: a new Service before the rule that names it, a removed rule before its Service goes. */
  readonly settleMs: number;
  readonly driftDebounceMs: number;
  /** More re-encodings than this within the window are a fight: reported, and no more of them. */
  readonly driftRounds: number;
  readonly driftWindowMs: number;
  readonly proofTimeoutMs: number;
  /** For one request of the proof to be answered. */
  readonly proofAttemptMs: number;
  readonly proofRetryMs: number;
  readonly backOffFirstMs: number;
  readonly backOffMaxMs: number;
  /** How long an older session waits for a younger one, seen before it decided, to withdraw. */
  readonly withdrawMs: number;
}

export const TIMING: Timing = {
  durationMs: 300_000,
  renewMs: 30_000,
  expiryGraceMs: 10_000,
  settleMs: 2_000,
  driftDebounceMs: 1_000,
  driftRounds: 3,
  driftWindowMs: 600_000,
  proofTimeoutMs: 30_000,
  proofAttemptMs: 5_000,
  proofRetryMs: 500,
  backOffFirstMs: 500,
  backOffMaxMs: 15_000,
  withdrawMs: 10_000,
};
