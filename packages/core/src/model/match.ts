/**
 * A condition on one string. `regex` is RE2 and must match the whole value.
 * An absent header or parameter fails `exact`, `prefix`, `regex` and `present`, and satisfies `absent`.
 * Under `not` an absent value counts as the empty string, as Envoy's `treat_missing_header_as_empty` has it
 * (Istio ≥1.22 sets it); a mesh without that adds a `present` condition beside it.
 */
export type Str =
  | { readonly exact: string }
  | { readonly prefix: string }
  | { readonly regex: string }
  | { readonly present: true }
  | { readonly absent: true }
  | { readonly not: Str };

export type PathKind = 'exact' | 'segmentPrefix' | 'rawPrefix' | 'regex';

export interface PathMatch {
  readonly kind: PathKind;
  readonly value: string;
  /** Counts for exact and prefix only; a regex says `(?i)` itself. */
  readonly ignoreCase?: boolean;
}

/** A condition on a header (name in lower case) or query parameter; one name may carry several, all must hold. */
export interface NamedMatch {
  readonly name: string;
  readonly is: Str;
}

/** All conditions present must hold; no condition at all matches every request. */
export interface Match {
  readonly path?: PathMatch;
  readonly method?: Str;
  readonly scheme?: Str;
  /** The Host header as sent, with its port if it has one. */
  readonly authority?: Str;
  readonly headers?: readonly NamedMatch[];
  readonly query?: readonly NamedMatch[];
  /** The mesh's own name for this match, if the user gave it one. */
  readonly name?: string;
}

/** A request as a client sends it. Headers in order, as spelled; several of one name are allowed. */
export interface Request {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Host and port that the client dials: decides the address, hence the listener. */
  readonly host: string;
  readonly port: number;
  /** The Host header; differs from `host:port` only when the client says so. */
  readonly authority: string;
  /** Path with query, as sent. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}
