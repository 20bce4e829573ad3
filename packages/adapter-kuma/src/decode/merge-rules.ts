import type { Raw } from './raw.js';
import type { RouteItem } from './route-items.js';
import type { BackendRef, MeshRoute, RouteRule } from './world-types.js';

/** Rules with equal matches, as one. */
export interface MergedRule {
  readonly matches: readonly Raw[];
  readonly filters: readonly Raw[];
  readonly backendRefs: readonly BackendRef[];
  /** The rules that it is made of, the strongest first. */
  readonly parts: readonly { readonly route: MeshRoute; readonly rule: RouteRule }[];
}

/**
 * All rules of a service's items, the strongest policy's first, each policy's in its own order. Where matches are equal to the letter,
 * the rules are one: filters and backendRefs are each the strongest rule's that has them (kuma `meshhttproute/api/v1alpha1/helpers.go`
 * and `core/rules/merge/merge.go`, 2.14).
 */
export function mergeRules(items: readonly RouteItem[]): readonly MergedRule[] {
  const strongestFirst = items.toReversed().flatMap(({ route, to }) => to.rules.map((rule) => ({ route, rule, key: keyOf(rule) })));
  const groups = new Map<string, (typeof strongestFirst)[number][]>();
  for (const part of strongestFirst) {
    const known = groups.get(part.key);
    if (known === undefined) groups.set(part.key, [part]);
    else known.push(part);
  }
  return [...groups.values()].map((parts) => ({
    matches: parts[0]?.rule.matches ?? [],
    filters: parts.find(({ rule }) => rule.filters !== undefined)?.rule.filters ?? [],
    backendRefs: parts.find(({ rule }) => rule.backendRefs !== undefined)?.rule.backendRefs ?? [],
    parts,
  }));
}

/** The API server fills in a header match's type. The order of matches, headers and parameters counts, and an empty list is not none. */
function keyOf({ matches }: RouteRule): string {
  return JSON.stringify(
    matches.map((match) => [
      part(match.path, ['type', 'value']),
      match.method,
      Array.isArray(match.headers)
        ? match.headers.map((header: unknown) => part({ type: 'Exact', ...asRecord(header) }, NAMED))
        : undefined,
      Array.isArray(match.queryParams) ? match.queryParams.map((query: unknown) => part(query, NAMED)) : undefined,
    ]),
  );
}

const NAMED = ['type', 'name', 'value'];

const asRecord = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});

const part = (value: unknown, keys: readonly string[]): unknown =>
  typeof value === 'object' && value !== null ? keys.map((key) => asRecord(value)[key] ?? '') : undefined;
