import {
  type Answer,
  decodeTarget,
  describeService,
  type MeshContext,
  type Outcome,
  parseRequest,
  type RouteTable,
  type ServiceRef,
} from '@heddle/core';
import { ask, carriedBy, type Found, visible } from './ask-request.js';
import { type CaseRun, contextOf, differing, type Failures } from './case-run.js';
import { createObjectCluster } from './object-cluster.js';
import type { RequestExpectation, RequestSpec } from './request-spec.js';
import type { RequestsStep } from './step.js';

/** Answers requests from the tables as they are now, with core's evaluator, and compares. */
export async function runRequests(run: CaseRun, step: RequestsStep): Promise<Failures> {
  const now = await tablesOf(run, contextOf(run, 'runner'), step.requests);
  const wantsBefore = step.requests.some(({ expect }) => expect.as === 'before' || expect.keeps === 'before');
  const start = { ...contextOf(run, 'runner'), cluster: createObjectCluster(run.marks.get('start') ?? []) };
  const before = wantsBefore ? await tablesOf(run, start, step.requests) : [];
  return step.requests.flatMap((spec) => {
    const client = run.test.clients[spec.from];
    if (client === undefined) return [`there is no client ${spec.from}`];
    const request = parseRequest(spec);
    const found = ask(now, client, request, run);
    const failures = [
      ...compare(spec.expect, found, run),
      ...(spec.expect.as === 'before'
        ? differing('everything', visible(ask(before, client, request, run), spec.expect.but), visible(found, spec.expect.but))
        : []),
      ...(spec.expect.keeps === 'before' ? differing('what stays', carried(ask(before, client, request, run)), carried(found)) : []),
    ];
    const headers = spec.headers.map(([name, value]) => ` ${name}: ${value}`).join(',');
    return failures.map((failure) => `${spec.method} ${spec.url}${headers} from ${spec.from}: ${failure}`);
  });
}

async function tablesOf(run: CaseRun, context: MeshContext, requests: readonly RequestSpec[]): Promise<readonly RouteTable[]> {
  const { namespace, service, port } = run.test;
  const hosts = requests
    .map(parseRequest)
    .flatMap(({ host, port: dialled, authority }) => [`${host}:${dialled}`, `${authority.replace(/:\d+$/, '')}:${dialled}`]);
  const dialled = hosts.flatMap((host): readonly ServiceRef[] => {
    const [, name = '', where = '', at = ''] = /^([^.]+)\.([^.]+)\.svc\.cluster\.local:(\d+)$/.exec(host) ?? [];
    return name === '' ? [] : [{ name, namespace: where, port: Number(at) }];
  });
  const services = new Map([{ namespace, name: service, port }, ...dialled].map((one) => [describeService(one), one]));
  const { decoded } = await decodeTarget(context, { services: [...services.values()], hosts: [...new Set(hosts)] });
  const [gap] = decoded.gaps;
  if (gap !== undefined) throw new Error(`not read: ${gap.feature}: ${gap.message}`);
  return decoded.tables;
}

/** What a session keeps of the rule beneath it. */
const carried = ({ answer: { seen }, rule }: Found) => ({ seen, ...carriedBy(rule) });

/** Each outcome's share, split evenly among its pods. */
const podShares = ({ outcomes }: Answer) =>
  outcomes.flatMap(({ probability, pods = [] }) => pods.map((pod): readonly [string, number] => [pod.name, probability / pods.length]));

const copyShares = ({ mirrors = [] }: Answer) =>
  mirrors.flatMap(({ percent, pods }) => pods.map((pod): readonly [string, number] => [pod.name, percent / pods.length]));

function compare(expected: RequestExpectation, { answer: given, rule }: Found, run: CaseRun): Failures {
  const { to, reaches, status, path, authority, reason, mirrors, copies, faults, timeoutMs } = expected;
  const named = (one: Pick<Outcome, 'host' | 'subset'>) => destination(one, run);
  return [
    ...(to === undefined
      ? []
      : shares(
          'destinations',
          to,
          given.outcomes.map((one) => [named(one), one.probability]),
        )),
    ...(reaches === undefined ? [] : shares('pods reached', reaches, podShares(given))),
    ...(mirrors === undefined
      ? []
      : shares(
          'mirrors',
          mirrors,
          (given.mirrors ?? []).map((one) => [named(one), one.percent]),
        )),
    ...(copies === undefined ? [] : shares('copies', copies, copyShares(given))),
    ...(status === undefined ? [] : differing('status', status, given.status)),
    ...(path === undefined ? [] : differing('path', path, given.seen?.path)),
    ...(authority === undefined ? [] : differing('authority', authority, given.seen?.authority)),
    ...(reason === undefined ? [] : differing('reason', [reason], [...new Set(given.outcomes.map((one) => one.reason))])),
    ...(faults === undefined ? [] : differing('faults', faults, given.faults ?? false)),
    ...(timeoutMs === undefined ? [] : differing('timeout', timeoutMs, rule?.timeoutMs ?? 0)),
  ];
}

const PRECISION = 1e-9;

function shares(what: string, expected: Readonly<Record<string, number>>, found: readonly (readonly [string, number])[]): Failures {
  const sums = new Map<string, number>();
  for (const [name, share] of found) sums.set(name, (sums.get(name) ?? 0) + share);
  const right =
    sums.size === Object.keys(expected).length && [...sums].every(([name, share]) => Math.abs((expected[name] ?? -1) - share) < PRECISION);
  return right ? [] : differing(what, expected, Object.fromEntries(sums));
}

/** `cart`, `cart/v1` for a subset; with its namespace where that is another. */
function destination({ host, subset }: Pick<Outcome, 'host' | 'subset'>, run: CaseRun): string {
  const [name = '', namespace, svc] = host.split('.');
  const short = svc !== 'svc' ? host : namespace === run.test.namespace ? name : `${name}.${namespace}`;
  return subset === undefined || subset === '' ? short : `${short}/${subset}`;
}
