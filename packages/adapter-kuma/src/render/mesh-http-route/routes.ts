import { canonicalJson, type KubeObject, type RequestSource, type RouteTable, sourcesCover, sourcesMeet } from '@heddle/core';
import { isHttp } from '../../decode/protocols.js';
import type { Raw } from '../../decode/raw.js';
import type { Service } from '../../decode/world-types.js';
import { type Callers, callersOf, targetRef } from '../callers.js';
import { nobody } from '../destinations.js';
import { NOT_FOUND, type TableContext } from '../drafts.js';
import { entriesOf, isImplicit } from '../entries.js';
import type { Entry } from '../entry.js';
import { loseTable, lost } from '../losses.js';
import type { ServiceTask } from '../render-task.js';
import { tcpBackends } from '../tcp.js';
import { backendRef } from './naming.js';
import { type Item, objectsOf } from './objects.js';
import { inOrder, OUT_OF_ORDER, type Placed, type Style } from './order.js';
import { EVERY_PATH, matchesKey, nowhereRule, type Run, runsOf } from './rules.js';
import { isEverything } from './written-match.js';

/** The MeshHTTPRoutes and MeshTCPRoutes of one Service, with the policies that limit them. */
export function meshRoutes(task: ServiceTask, base: Service): readonly KubeObject[] {
  const ports = Map.groupBy(task.service.tables, ({ port }) => port);
  const items = [...ports.values()].flatMap((tables) => itemsFor(tables, task, base));
  return (['MeshHTTPRoute', 'MeshTCPRoute'] as const).flatMap((kind) =>
    objectsOf(
      kind,
      items.filter((item) => item.kind === kind),
      task,
      base,
    ),
  );
}

interface Written extends Callers, Made {
  readonly rules: readonly Raw[];
}

interface Made {
  /** What the table says, before it is put in order. */
  readonly entries: readonly Entry[];
  readonly list: readonly Placed[];
  readonly runs: readonly Run[];
  /** Entries that had to be left out. */
  readonly lost: readonly Entry[];
}

/** Paths are written as they are said best, unless rules then have to be left out and patterns of chosen lengths do better. */
function itemsFor(tables: readonly RouteTable[], task: ServiceTask, base: Service): readonly Item[] {
  const { service, losses } = task;
  const { told, untold } = callersOf(tables);
  for (const table of untold) loseTable(losses, { service, table }, UNTOLD);
  const plain = writtenFor(told, 'plain', task, base);
  const countOf = (written: readonly Written[]) => written.reduce((sum, one) => sum + one.lost.length, 0);
  const patterns = countOf(plain) === 0 ? plain : writtenFor(told, 'patterns', task, base);
  const best = countOf(patterns) < countOf(plain) ? patterns : plain;
  return best.flatMap(({ table, sources, runs, lost: gone }) => {
    for (const { rule } of gone) losses.add({ service, table, rule }, OUT_OF_ORDER);
    return sources.flatMap((source) =>
      runs.map(
        (run, index): Item => ({
          ...run,
          kind: table.protocol === 'tcp' ? 'MeshTCPRoute' : 'MeshHTTPRoute',
          table,
          target: targetRef(source, task.around.world.release),
          index,
          port: table.port,
        }),
      ),
    );
  });
}

const UNTOLD = lost(
  'view.mesh',
  'These callers are routed as others are: no labels and namespaces tell them apart',
  'give the callers a label of their own',
);

function writtenFor(told: readonly Callers[], style: Style, task: ServiceTask, base: Service): readonly Written[] {
  const written: Written[] = [];
  for (const callers of told) {
    const { table, sources } = callers;
    const weaker = written.filter((one) => one.runs.length > 0 && sourcesMeet(one.sources, sources));
    const made = table.protocol === 'tcp' ? tcpRuns(table, weaker.length > 0, task, base) : httpRuns(callers, weaker, style, task, base);
    written.push({ ...callers, ...made, rules: made.runs.flatMap(({ rules }) => rules) });
  }
  return written;
}

function httpRuns({ table, sources }: Callers, weaker: readonly Written[], style: Style, task: ServiceTask, base: Service): Made {
  const { world } = task.around;
  const routed = { service: base, port: table.port };
  const hasWeaker = weaker.length > 0;
  const context: TableContext = { ...task, table, routed, hasLimits: true, hasNowhere: world.release.major < 3 };
  const entries = answered(entriesOf(context), context);
  const own = withoutShared(entries, sources, weaker);
  const last = entries.at(-1);
  const isNowhere = own === undefined && last?.effect.to === 'nowhere' && isEverything(last.match);
  const isLeftOut = own === undefined && last !== undefined && !hasWeaker && isImplicit(last, context);
  const stated = own ?? (isLeftOut || isNowhere ? entries.slice(0, -1) : entries);
  // Rules of weaker objects are switched off by rules with the same matches that send nowhere.
  const beside = isNowhere ? [] : weaker.flatMap((one) => one.list);
  const { list, lost: gone } = inOrder(stated, beside, style);
  const filtered = weaker.flatMap(({ rules }) => rules).filter((rule) => (rule.default as Raw).filters !== undefined);
  const runs = runsOf(list, world, base.mesh, new Set(filtered.map((rule) => matchesKey(rule.matches as readonly Raw[]))));
  const erased = weaker.flatMap(({ rules }) => rules).map(({ matches }) => matches as readonly Raw[]);
  return { entries, list, lost: gone, runs: isNowhere ? withNowhere(runs, erased, context) : runs };
}

/** What callers have in front of the rules of a weaker object, which holds for all of them and says the rest; `undefined`: it does not. */
function withoutShared(
  entries: readonly Entry[],
  sources: readonly RequestSource[],
  weaker: readonly Written[],
): readonly Entry[] | undefined {
  const [one, ...others] = weaker;
  if (one === undefined || others.length > 0 || !sourcesCover(one.sources, sources)) return undefined;
  const front = entries.length - one.entries.length;
  const content = (all: readonly Entry[]) => canonicalJson(all.map(({ match, effect }) => [match, effect]));
  return front >= 0 && content(entries.slice(front)) === content(one.entries) ? entries.slice(0, front) : undefined;
}

/** With rules that send nowhere: for what no rule takes, and in the place of rules of weaker objects. */
function withNowhere(runs: readonly Run[], erased: readonly (readonly Raw[])[], context: TableContext): readonly Run[] {
  const { around, routed } = context;
  const last = runs.at(-1);
  if (last === undefined) return runs;
  const own = new Set(runs.flatMap(({ rules }) => rules.map(({ matches }) => matchesKey(matches as readonly Raw[]))));
  const others = new Map([...erased, EVERY_PATH].map((matches) => [matchesKey(matches), matches]));
  const backend = { service: routed.service, port: routed.port, weight: 0 };
  const ends = [...others].flatMap(([key, matches]) =>
    own.has(key) ? [] : [nowhereRule(matches, around.world, routed.service.mesh, backend)],
  );
  return [...runs.slice(0, -1), { ...last, rules: [...last.rules, ...ends] }];
}

/** Where there is no rule at all, the proxy would not look at requests: then one answers 503. */
function answered(entries: readonly Entry[], context: TableContext): readonly Entry[] {
  const [only, ...others] = entries;
  if (only?.effect.to !== 'nowhere' || others.length > 0) return entries;
  const { service, table, losses } = context;
  losses.add({ service, table }, NOT_FOUND);
  return [{ ...only, effect: { ...only.effect, to: [nobody(context)] } }];
}

function tcpRuns(table: RouteTable, hasWeaker: boolean, task: ServiceTask, base: Service): Made {
  // Of a Service that speaks HTTP, connections are looked into unless a rule says otherwise.
  const isHttpPort = base.ports.some(({ number, protocol }) => number === table.port && isHttp(protocol));
  const backends = tcpBackends(table, hasWeaker || isHttpPort, { ...task, routed: { service: base, port: table.port } });
  if (backends === undefined) return { entries: [], list: [], lost: [], runs: [] };
  const refs = backends.map((one) => backendRef(task.around.world, base.mesh, one, backends.length === 1));
  return { entries: [], list: [], lost: [], runs: [{ limits: {}, rules: [{ default: { backendRefs: refs } }] }] };
}
