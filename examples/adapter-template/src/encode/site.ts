import { type Change, describeRef, type Owner, type Refusal, type Result, refusal, sameOwner } from '@heddle/core';
import { attachedTo } from '../decode/attached.js';
import { type Placed, placed } from '../decode/placed.js';
import type { Age } from '../decode/precedence.js';
import type { Parent, Route, Service, World } from '../decode/world.js';

/** A namespace whose routes decide for a port of the Service: the Service's own, and each one with routes of its own. */
export interface Site {
  readonly namespace: string;
  readonly service: Service;
  readonly port: number;
  /** Matches of routes that are not heddle's, as they are tried. */
  readonly foreign: readonly Placed[];
  /** Matches of other owners' routes. */
  readonly others: readonly (Placed & { readonly owner: Owner })[];
  readonly parent: Parent;
  /** What the owner has here already: its age decides between equals. */
  readonly written: Age | undefined;
}

/** Where a change must be written. Foreign routes decide its form: ours are merged with them only when they name their parent alike. */
export function sitesOf(change: Change, service: Service, port: number, { routes }: World): Result<readonly Site[]> {
  const isForeign = ({ own }: Route) => own === undefined;
  const foreign = attachedTo(service, port, routes.filter(isForeign));
  const refused: Refusal[] = [];
  const sites = [...new Set([service.namespace, ...foreign.map(({ namespace }) => namespace)])].map((namespace): Site => {
    const here = foreign.find((one) => one.namespace === namespace);
    const all = here?.form === 'all';
    refused.push(...unmerged(service, here?.ignored ?? []), ...(all && service.ports.length > 1 ? everyPort(service, here.routes) : []));
    return {
      namespace,
      service,
      port,
      foreign: placed(here?.routes ?? []),
      others: othersIn(namespace, service, port, routes, change.owner),
      parent: { namespace: service.namespace, name: service.name, ...(all ? {} : { port }) },
      written: routes.find(
        (one) => one.namespace === namespace && isRulesOf(one, change.owner) && attachedTo(service, port, [one]).length > 0,
      ),
    };
  });
  return refused.length > 0 ? { refused } : { ok: sites };
}

const isRulesOf = ({ own }: Route, owner: Owner): boolean => own?.part === 'rules' && sameOwner(own.owner, owner);

function othersIn(namespace: string, service: Service, port: number, routes: readonly Route[], owner: Owner): Site['others'] {
  const ours = routes.filter(({ own }) => own?.part === 'rules' && !sameOwner(own.owner, owner));
  const here = attachedTo(service, port, ours).find((one) => one.namespace === namespace);
  return placed([...(here?.routes ?? []), ...(here?.ignored ?? [])]).flatMap((one) =>
    one.route.own === undefined ? [] : [{ ...one, owner: one.route.own.owner }],
  );
}

const unmerged = (service: Service, ignored: readonly Route[]): readonly Refusal[] =>
  ignored.map(({ ref }) =>
    refusal(
      'parent-forms',
      `${describeRef(ref)} and an older route name Service ${service.name} with and without a port, so one does not count`,
      {
        instead: 'give all routes of the Service a parent in the same form',
        ref,
      },
    ),
  );

const everyPort = (service: Service, routes: readonly Route[]): readonly Refusal[] =>
  routes.slice(0, 1).map(({ ref }) =>
    refusal(
      'every-port',
      `${describeRef(ref)} is for every port of Service ${service.name}, so a rule beside it would be for all of them too`,
      {
        instead: 'name the port in its parentRefs',
        ref,
      },
    ),
  );
