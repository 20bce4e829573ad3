import { type Labels, labelsMatch } from '../model/object.js';
import type { ClientSet } from '../model/view.js';

/** Callers as an object of a mesh names them, by their namespace and labels; neither: everybody. */
export interface RequestSource {
  readonly namespace?: string;
  readonly labels: Labels;
}

/** One for each namespace of the set, which together hold the same callers. */
export function sourcesOf({ namespaces, labels = {} }: ClientSet): readonly RequestSource[] {
  return namespaces === undefined ? [{ labels }] : namespaces.map((namespace) => ({ namespace, labels }));
}

/** The callers of both; `undefined`: nobody can be. */
export function sharedSource(a: RequestSource, b: RequestSource): RequestSource | undefined {
  if (a.namespace !== undefined && b.namespace !== undefined && a.namespace !== b.namespace) return undefined;
  if (Object.entries(a.labels).some(([key, value]) => (b.labels[key] ?? value) !== value)) return undefined;
  const namespace = a.namespace ?? b.namespace;
  const labels = { ...a.labels, ...b.labels };
  return namespace === undefined ? { labels } : { namespace, labels };
}

/** Whether a caller can be of one of each. */
export const sourcesMeet = (a: readonly RequestSource[], b: readonly RequestSource[]): boolean =>
  a.some((x) => b.some((y) => sharedSource(x, y) !== undefined));

/** Whether all callers of one are callers of the other too. */
export const isSourceWithin = (narrow: RequestSource, wide: RequestSource): boolean =>
  (wide.namespace === undefined || wide.namespace === narrow.namespace) && labelsMatch(wide.labels, narrow.labels);

/** Whether all callers of the narrower are callers of the wider too, which one of these has to show alone. */
export const sourcesCover = (wide: readonly RequestSource[], narrow: readonly RequestSource[]): boolean =>
  narrow.every((y) => wide.some((x) => isSourceWithin(y, x)));

/** How much it asks of a caller: the more, the narrower. */
export const sourceSize = ({ namespace, labels }: RequestSource): number => (namespace === undefined ? 0 : 1) + Object.keys(labels).length;
