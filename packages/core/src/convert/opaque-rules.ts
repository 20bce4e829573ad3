import type { RenderLoss, RoutedService } from '../model/routing.js';
import type { RouteTable } from '../model/table.js';

/** A Service's tables without the rules that could not be read whole, and those rules as losses: to say less of a condition is to widen it. */
export function withoutOpaque(service: RoutedService): {
  readonly service: RoutedService;
  readonly losses: readonly RenderLoss[];
  /** The table that a reduced one was made of. */
  readonly originals: ReadonlyMap<RouteTable, RouteTable>;
} {
  const { namespace, name } = service;
  const losses: RenderLoss[] = [];
  const originals = new Map<RouteTable, RouteTable>();
  const tables = service.tables.map((table) => {
    const readable = table.rules.filter(({ opaque }) => Object.keys(opaque ?? {}).length === 0);
    for (const rule of table.rules) {
      const what = Object.keys(rule.opaque ?? {});
      if (what.length === 0) continue;
      const message = `The rule depends on ${what.join(', ')}, which could not be read, so the whole rule is left out`;
      losses.push({ code: 'opaque', message, instead: 'write the rule by hand', service: { namespace, name }, table, rule });
    }
    const reduced = readable.length === table.rules.length ? table : { ...table, rules: readable };
    originals.set(reduced, table);
    return reduced;
  });
  return { service: { ...service, tables }, losses, originals };
}
