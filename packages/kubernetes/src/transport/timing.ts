/** All in ms. Tests pass shorter ones. */
export interface Timing {
  /** For the socket to be usable: TCP, proxy and TLS together. */
  readonly connect: number;
  /** From the start of a request to the end of its answer; for a watch, to its first byte. */
  readonly request: number;
  /** How long an unused connection is kept: under the 60 s after which load balancers drop one silently. */
  readonly idleConnection: number;
  /** How long the server is asked to let one watch last; between this and 1.25 times it. */
  readonly watch: number;
  /** How much longer than that a silent watch is believed to live. */
  readonly watchGrace: number;
  /** First and longest pause between two attempts to get a watch back. */
  readonly backoff: { readonly first: number; readonly most: number };
  /** Between two pings on a port-forward. */
  readonly ping: number;
  /** The longest that a Retry-After is obeyed. */
  readonly retryAfter: number;
}

export const TIMING: Timing = {
  connect: 10_000,
  request: 30_000,
  idleConnection: 20_000,
  watch: 240_000,
  watchGrace: 15_000,
  backoff: { first: 200, most: 10_000 },
  ping: 15_000,
  retryAfter: 10_000,
};
