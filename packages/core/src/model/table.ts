import type { Match, Str } from './match.js';
import type { Labels, ObjectRef } from './object.js';
import type { Owner } from './owner.js';
import type { View } from './view.js';

export interface PodRef {
  readonly namespace: string;
  readonly name: string;
}

export const podName = ({ namespace, name }: PodRef): string => `${namespace}/${name}`;

/** Where a share of the requests goes. `host` is the FQDN that the rule resolves to. */
export interface Destination {
  readonly host: string;
  readonly port?: number;
  readonly version?: string;
  /** The Service that this one is a version of, where versions are Services of their own: its pods are some of that one's. */
  readonly versionOf?: { readonly namespace: string; readonly name: string };
  readonly subset?: string;
  /** The labels that define the subset or version, when known. */
  readonly labels?: Labels;
  /** Relative to the sum over the action's destinations. */
  readonly weight: number;
  /** Ready endpoints; `[]` answers 503 UH, 'no-cluster' 503 NC. Filled by decode from Pods. */
  readonly endpoints: readonly PodRef[] | 'no-cluster';
  /** The authority that this destination alone sees; a rewrite of the rule's goes before it. */
  readonly authority?: string;
  /** What callers get where it is 'no-cluster'; absent: 503. The Gateway API asks for 500. */
  readonly missingStatus?: 500;
}

export interface Redirect {
  readonly code: number;
  readonly scheme?: string;
  readonly authority?: string;
  readonly port?: number;
  /** `full` replaces the path, and the query too if it brings one; the others leave the query as it was. */
  readonly path?: PathRewrite;
}

export type Action =
  | { readonly to: readonly Destination[] }
  | { readonly redirect: Redirect }
  | { readonly directResponse: { readonly status: number; readonly body?: string } }
  /** Answered by the proxy itself: no rule (404), a rule without a usable backend (500), blocked (502). */
  | { readonly status: 404 | 500 | 502 | 503 }
  /** The connection is accepted and closed without an answer. */
  | 'closed'
  /** Sent unchanged to the address that the client resolved. */
  | 'passthrough';

/** `prefix` replaces what the rule's path matched (everything for exact, `/` for no path), `full` the whole path. */
export type PathRewrite = { readonly prefix: string } | { readonly full: string } | RegexRewrite;

/** Replaces whatever an RE2 pattern finds; `\1` in the substitution is its first group. */
export interface RegexRewrite {
  readonly regex: string;
  readonly substitution: string;
}

export interface Rewrite {
  readonly path?: PathRewrite;
  /** A regex makes it of the path, as that was before its own rewrite. */
  readonly authority?: string | RegexRewrite;
}

export interface HeaderChange {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

export interface Mirror {
  readonly destination: Destination;
  readonly percent: number;
}

export interface Fault {
  readonly delay?: { readonly percent: number; readonly ms: number };
  readonly abort?: { readonly percent: number; readonly status: number };
}

/** Where in an object a rule stands. `pointer` is an RFC 6901 JSON pointer. Two for delegates and merged rules. */
export interface Origin {
  readonly ref: ObjectRef;
  readonly pointer: string;
  readonly index: number;
  readonly name?: string;
}

export interface Rule {
  /** ORed, in order; empty matches every request. */
  readonly match: readonly Match[];
  readonly action: Action;
  readonly mirrors?: readonly Mirror[];
  readonly fault?: Fault;
  readonly rewrite?: Rewrite;
  readonly headers?: { readonly request?: HeaderChange; readonly response?: HeaderChange };
  readonly timeoutMs?: number;
  /** `{attempts, perTryTimeout, retryOn}` with Envoy's words for conditions (`5xx,reset`), where that says it all; else as the mesh has it. */
  readonly retry?: unknown;
  /**
   * Origins whose preflight requests (CORS: OPTIONS with `Origin` and `Access-Control-Request-Method`) the proxy answers itself with
   * 200; those of others go on. Means nothing beside a redirect or a direct response.
   */
  readonly preflight?: readonly Str[] | 'all';
  /** Fields that change routing but that the model cannot express: the answer is "depends on …". Key: what, value: verbatim. */
  readonly opaque?: Readonly<Record<string, unknown>>;
  readonly owner: Owner | 'foreign';
  readonly origins: readonly Origin[];
  /** How the goldens and `explain` name the rule: `ns/virtualservice rule-name`, `implicit`. */
  readonly label?: string;
}

/**
 * `base`: dot segments resolved, `\` read as `/`, escapes of unreserved characters decoded.
 * `mergeSlashes`: also `//` becomes `/`. `decodeAndMergeSlashes`: also `%2F` and `%5C` are decoded first.
 */
export type PathNormalisation = 'base' | 'mergeSlashes' | 'decodeAndMergeSlashes';

/**
 * The effective, ordered rules of one view, port and set of domains; the first rule that matches decides.
 * A `tcp` table is chosen by the host that the client dials, an `http` one by the authority. Domains are lower case:
 * exact names, `*.suffix`, `prefix.*` or `*`; a port in the request's authority is ignored when matching them.
 * Port 0 stands for every port that no other table of the view has.
 */
export interface RouteTable {
  readonly view: View;
  readonly domains: readonly string[];
  readonly port: number;
  readonly protocol: 'http' | 'tcp';
  readonly rules: readonly Rule[];
  readonly otherwise: Action;
  /** What `otherwise` is called in an answer: `implicit`, `none`, `passthrough`, `blocked`. */
  readonly otherwiseLabel?: string;
  /** Domains that hold only for clients of one namespace, as a Service's bare name does. */
  readonly localDomains?: readonly { readonly namespace: string; readonly domain: string }[];
  /** How the proxy rewrites the path before it looks at rules; absent: not at all. */
  readonly pathNormalisation?: PathNormalisation;
  /**
   * The names clients dial to reach this table's listener, when one listener has its own address
   * (a Service's FQDN, short forms, ClusterIP). Absent: every address on that port.
   */
  readonly addresses?: readonly string[];
}
