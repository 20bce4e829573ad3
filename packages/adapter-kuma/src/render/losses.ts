import type { RenderLoss, RoutedService, RouteTable, Rule } from '@heddle/core';

/** What is being written: a rule of a table; without a rule what none of them decides, without a table all of the Service. */
export interface Place {
  readonly service: RoutedService;
  readonly table?: RouteTable;
  readonly rule?: Rule | undefined;
}

export interface Losses {
  add(place: Place, lost: Lost): void;
  list(): readonly RenderLoss[];
}

/** What cannot be said, and what becomes of it. */
export interface Lost {
  readonly code: string;
  readonly message: string;
  readonly instead?: string;
}

export const lost = (code: string, message: string, instead?: string): Lost => ({
  code,
  message,
  ...(instead === undefined ? {} : { instead }),
});

/** Losses in the order in which they are met, each once. */
export function lossesOf(): Losses {
  const found: RenderLoss[] = [];
  return {
    add: ({ service: { namespace, name }, table, rule }, { code, message, instead }) => {
      const same = (one: RenderLoss) =>
        one.table === table && one.rule === rule && one.code === code && one.message === message && isOf(one, namespace, name);
      if (found.some(same)) return;
      found.push({
        code,
        message,
        ...(instead === undefined ? {} : { instead }),
        service: { namespace, name },
        ...(table === undefined ? {} : { table }),
        ...(rule === undefined ? {} : { rule }),
      });
    },
    list: () => found,
  };
}

const isOf = ({ service }: RenderLoss, namespace: string, name: string): boolean =>
  service.namespace === namespace && service.name === name;

/** Says of the place in hand what is lost there. */
export type Lose = (lost: Lost) => void;

/** Every request of a table is concerned, whichever rule decides it. */
export function loseTable(losses: Losses, place: { readonly service: RoutedService; readonly table: RouteTable }, what: Lost): void {
  for (const rule of [...place.table.rules, undefined]) losses.add({ ...place, rule }, what);
}
