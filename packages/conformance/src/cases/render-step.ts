import { readFile } from 'node:fs/promises';
import {
  BugError,
  canonicalJson,
  decodeTarget,
  describeRef,
  isRecord,
  type KubeObject,
  metaOf,
  parseRequest,
  type Rendered,
  type RenderLoss,
  type RouteTable,
  refKey,
  refOf,
  routingOf,
} from '@heddle/core';
import { loadAll } from 'js-yaml';
import { kitFile } from '../stage/kit-files.js';
import { ask, type Found, visible } from './ask-request.js';
import { type CaseRun, contextOf, differing, type Failures } from './case-run.js';
import { createObjectCluster } from './object-cluster.js';
import { distinct } from './parse-case.js';
import type { RenderStep } from './step.js';

/** See `RenderStep`. */
export async function runRender(run: CaseRun, { requests }: RenderStep): Promise<Failures> {
  const { adapter, env, test } = run;
  if (adapter.render === undefined) throw new BugError('the adapter has no render');
  const theirs = new Set(test.worldObjects.map((object) => refKey(refOf(object))));
  const around = test.objects.filter((object) => !theirs.has(refKey(refOf(object))));
  const { routing } = routingOf(await tablesOf(run, test.objects), around);
  const rendered = adapter.render(routing, env);
  const then = await tablesOf(run, distinct([...around, ...rendered.objects]));
  const given = routing.services.flatMap(({ tables }) => tables);
  const known = new Set(given);
  return [
    ...rendered.objects.flatMap((object) => unacceptable(run, object)),
    ...badLosses(rendered, known),
    ...requests.flatMap((spec): Failures => {
      const client = test.clients[spec.from];
      if (client === undefined) return [`there is no client ${spec.from}`];
      const request = parseRequest(spec);
      const before = ask(given, client, request, run);
      if (rendered.losses.some((loss) => concerns(loss, before))) return [];
      return differing(`${spec.method} ${spec.url}`, visible(before), visible(ask(then, client, request, run)));
    }),
  ];
}

/** The tables of every Service of a cluster with these objects. */
async function tablesOf(run: CaseRun, objects: readonly KubeObject[]): Promise<readonly RouteTable[]> {
  const services = objects
    .filter(({ kind }) => kind === 'Service')
    .flatMap((service) =>
      portsOf(service).map((port) => ({ namespace: metaOf(service).namespace ?? '', name: metaOf(service).name, port })),
    );
  const context = { ...contextOf(run, 'runner'), cluster: createObjectCluster(objects) };
  const { decoded } = await decodeTarget(context, { services });
  const [gap] = decoded.gaps;
  if (gap !== undefined) throw new Error(`not read: ${gap.feature}: ${gap.message}`);
  return decoded.tables;
}

const portsOf = ({ spec }: KubeObject): readonly number[] =>
  (isRecord(spec) && Array.isArray(spec.ports) ? spec.ports : []).filter(isRecord).map(({ port }) => Number(port));

function unacceptable({ adapter, env }: CaseRun, object: KubeObject): Failures {
  const what = `rendered ${describeRef(refOf(object))}`;
  return [
    ...(adapter.validate?.(object, env) ?? []).map(({ message }) => `${what} would be refused: ${message}`),
    ...(/heddle/i.test(JSON.stringify(object)) ? [`${what} names heddle`] : []),
  ];
}

function badLosses({ losses }: Rendered, known: ReadonlySet<RouteTable>): Failures {
  return losses.flatMap(({ code, message, table, rule }) => [
    ...(code === '' || message === '' ? ['a loss has no code or no message'] : []),
    ...(table !== undefined && !known.has(table) ? [`the loss ${code} is of a table that was not given`] : []),
    ...(rule !== undefined && table?.rules.includes(rule) !== true ? [`the loss ${code} is of a rule that its table has not`] : []),
  ]);
}

/** Whether a loss is about requests that are decided so. */
function concerns({ service, table, rule }: RenderLoss, found: Found): boolean {
  if (rule !== undefined) return rule === found.rule;
  if (table !== undefined) return table === found.table && found.rule === undefined;
  return found.table?.domains.some((domain) => domain.startsWith(`${service.name}.${service.namespace}.`)) === true;
}

/** See `AdoptStep`. */
export async function runAdopt({ adapter, env }: CaseRun): Promise<Failures> {
  if (adapter.adopt === undefined) throw new BugError('the adapter has no adopt');
  const shop = loadAll(await readFile(kitFile('shop.yaml'), 'utf8')) as KubeObject[];
  const adopted = adapter.adopt(shop, env);
  const found = new Map(adopted.map((object) => [refKey(refOf(object)), object]));
  const again = adapter.adopt(adopted, env);
  return [
    ...shop.filter((object) => !found.has(refKey(refOf(object)))).map((object) => `${describeRef(refOf(object))} is gone`),
    ...adopted
      .filter((object) => object.kind === 'Pod' && !adapter.inMesh(object))
      .map((object) => `${describeRef(refOf(object))} is not in the mesh`),
    ...(canonicalJson(again) === canonicalJson(adopted) ? [] : ['adopting what was adopted changes it']),
  ];
}
