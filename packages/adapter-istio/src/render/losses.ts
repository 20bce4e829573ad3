import type { RenderLoss, RoutedService, RouteTable } from '@heddle/core';

/** What is being written: a rule by its position, or what no rule decides, in tables that say the same. */
export interface Place {
  readonly service: RoutedService;
  readonly tables: readonly RouteTable[];
  readonly rule?: number;
}

export interface Losses {
  add(place: Place, code: string, message: string, instead?: string): void;
  /** For everything that tables decide, by a rule or by none. */
  addAll(service: RoutedService, tables: readonly RouteTable[], code: string, message: string, instead?: string): void;
  list(): readonly RenderLoss[];
}

/** Losses in the order in which they are met, each once; one for each table that they concern. */
export function lossesOf(): Losses {
  const found = new Map<string, RenderLoss[]>();
  const add: Losses['add'] = ({ service: { namespace, name }, tables, rule }, code, message, instead) => {
    const service = { namespace, name };
    for (const table of tables) {
      const lost = rule === undefined ? undefined : table.rules[rule];
      const key = JSON.stringify([service, code, message]);
      const known = found.get(key) ?? [];
      if (known.some((loss) => loss.table === table && loss.rule === lost)) continue;
      const more = { ...(instead === undefined ? {} : { instead }), ...(lost === undefined ? {} : { rule: lost }) };
      found.set(key, [...known, { code, message, service, table, ...more }]);
    }
  };
  return {
    add,
    addAll: (service, tables, ...loss) => {
      for (const table of tables) {
        for (const rule of table.rules.keys()) add({ service, tables: [table], rule }, ...loss);
        if (table.rules.every(({ match }) => match.length > 0)) add({ service, tables: [table] }, ...loss);
      }
    },
    list: () => [...found.values()].flat(),
  };
}

/** Says of the place in hand what is lost there. */
export type Lose = (code: string, message: string, instead?: string) => void;

/** For tables without rules that the mesh has no say in, and for rules that pass requests on so. */
export const UNROUTED =
  'Istio routes all requests for a Service: these go to its Pods by way of the mesh, not to the address that the client resolved';
