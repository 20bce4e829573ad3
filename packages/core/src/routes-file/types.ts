import type { Match } from '../model/match.js';
import type { Labels } from '../model/object.js';
import type { RouteAction } from '../routes/entry.js';
import type { NamedPort } from '../routes/service-ports.js';
import type { CasePath } from '../routing-tests/routing-test.js';

export const ROUTES_API_VERSION = 'heddle.dev/v1';
export const ROUTES_KIND = 'Routes';

/** A document of a routes file: the standing routes that it keeps, of services of one namespace. */
export interface RoutesFile {
  /** Entries are marked with it, so two documents of a namespace never share one. */
  readonly name: string;
  /** Absent: that of `-n` or of the context. */
  readonly namespace?: string;
  /** What is known of services where no cluster can be asked; for rendering alone. */
  readonly services: readonly DescribedService[];
  readonly routes: readonly FileRoute[];
}

/** A standing route as a file says it. */
export type FileRoute = {
  readonly service: string;
  /** Number or name; absent: all ports that carry HTTP. */
  readonly port?: string;
  readonly name: string;
  /** ORed; none: every request. */
  readonly match: readonly Match[];
  /** Where it stands in its document. */
  readonly path: CasePath;
} & RouteAction;

/** What a version of a service is: some of its Pods, or a Service of its own. */
export type DescribedVersion = { readonly labels: Labels } | { readonly service: string };

export interface DescribedService {
  readonly name: string;
  readonly ports: readonly NamedPort[];
  readonly selector?: Labels;
  /** Those that are not the Pods with the label `version` of that value. */
  readonly versions: Readonly<Record<string, DescribedVersion>>;
  readonly path: CasePath;
}
