import type { Intent } from '../model/change.js';
import type { Match } from '../model/match.js';
import type { Fault } from '../model/table.js';
import type { Share } from './shares.js';

/** What a standing route does with the requests that match. */
export type RouteAction =
  | { readonly to: readonly Share[] }
  | { readonly mirror: { readonly version: string; readonly percent: number } }
  | { readonly fault: Fault };

/**
 * One standing route of a service as somebody wants it: `heddle route split`, `match`, `mirror` or `fault`. All of one service's are one
 * owner with one record and are written together, since a request may be for several of them: it gets the destinations of one and the
 * mirror of another.
 */
export type RouteSpec = {
  /** Tells the routes of one service apart. */
  readonly name: string;
  /** ORed; none: every request. */
  readonly match: readonly Match[];
  /** The routes file that keeps it (`heddle route apply`): leaves with it. */
  readonly file?: string;
} & RouteAction;

/** A standing route as the record keeps it. */
export type RouteEntry = RouteSpec & {
  /** Who made it, or changed it last. */
  readonly by: { readonly user: string; readonly host: string };
  /** When that was: RFC 3339, by the API server's clock. */
  readonly since: string;
};

/** In the order in which they count: those with a match by name, then those for every request. */
export function inOrder<E extends Pick<RouteSpec, 'name' | 'match'>>(entries: readonly E[]): readonly E[] {
  const byName = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [...byName.filter(({ match }) => match.length > 0), ...byName.filter(({ match }) => match.length === 0)];
}

/** The entries as the intents of a change, in the order in which they count. */
export function intentsOf(entries: readonly RouteSpec[]): readonly Intent[] {
  return inOrder(entries).map(intentOf);
}

function intentOf(entry: RouteSpec): Intent {
  const { match } = entry;
  if ('to' in entry) return { match, to: entry.to.filter(({ weight }) => weight > 0) };
  return 'mirror' in entry ? { match, mirror: entry.mirror } : { match, fault: entry.fault };
}

/** The versions that an entry sends requests or copies to. */
export function versionsIn(entry: RouteAction): readonly string[] {
  if ('to' in entry) return entry.to.map(({ version }) => version);
  return 'mirror' in entry ? [entry.mirror.version] : [];
}
