import { setTimeout as sleep } from 'node:timers/promises';
import type { Reader } from '@heddle/conformance';
import { type Answer, describeRef, type KubeObject, type MeshEnvironment, parseRequest, refOf } from '@heddle/core';
import { ourAnswers } from '../our-answers.ts';
import type { CaseRequest, RoutingCase } from '../routing-case.ts';
import { create, remove } from './apply-case.ts';
import { type Call, callFrom, type Reply } from './call.ts';
import { CLIENT_POD } from './fixed-world.ts';
import { contradiction, isUncertain, notAsked } from './judge.ts';
import { type Place, placed } from './place.ts';

/** How one case came out on a cluster. */
export interface ClusterResult {
  /** Requests that were sent, each many times. */
  readonly asked: number;
  readonly replies: number;
  /** Requests that were not sent, by reason. */
  readonly left: readonly string[];
  readonly refused: ReadonlyMap<string, string>;
  readonly differences: readonly string[];
}

const ENV: MeshEnvironment = { served: {}, settings: {} };
const CERTAIN = 12;
const SETTLE_TRIES = 25;
/** Where the client would get no address from DNS: a sidecar looks at the port and the Host header all the same. */
const NOWHERE = '198.51.100.10';

/** Puts a case's mesh objects into the cluster, waits until the client's sidecar follows them, counts, and takes them away again. */
export async function runCase(given: RoutingCase, place: Place, reader: Reader, repeats: number): Promise<ClusterResult> {
  const one = placed(given, place);
  const mesh = one.objects.filter(({ kind }) => kind !== 'Service' && kind !== 'Pod');
  try {
    const refused = await create(mesh);
    const there = one.objects.filter((object) => !refused.has(describeRef(refOf(object))));
    const left: string[] = [];
    const expected: { readonly call: Call; readonly answer: Answer }[] = [];
    for (const [index, result] of ourAnswers({ ...one, objects: there }, reader, ENV).entries()) {
      const request = one.requests[index];
      if (request === undefined) continue;
      const why = result.result === 'skipped' ? `not read: ${result.feature}` : notAsked(result.answer);
      if (why !== undefined || result.result === 'skipped') left.push(why ?? '');
      else {
        const count = isUncertain(result.answer) ? repeats : CERTAIN;
        expected.push({ answer: result.answer, call: { request, count, address: addressOf(request, there, one.client.namespace) } });
      }
    }
    const pod = { namespace: one.client.namespace, name: CLIENT_POD };
    await settled(pod, expected);
    const replies = await callFrom(
      pod,
      expected.map(({ call }) => call),
    );
    const refusals = mesh.flatMap((object) => refusalDifference(object, refused, reader));
    const differences = expected.flatMap(({ call, answer }, index) => differenceOf(call.request, answer, replies[index] ?? []));
    return { asked: expected.length, replies: replies.flat().length, left, refused, differences: [...refusals, ...differences] };
  } finally {
    await remove(mesh);
  }
}

/** A change takes a moment to reach a sidecar: waits until a few answers to each request look right twice, or gives up waiting. */
async function settled(pod: { namespace: string; name: string }, expected: readonly { call: Call; answer: Answer }[]): Promise<void> {
  for (let good = 0, tries = 0; good < 2 && tries < SETTLE_TRIES; tries += 1) {
    await sleep(1000);
    const replies = await callFrom(
      pod,
      expected.map(({ call }) => ({ ...call, count: 4 })),
    );
    const right = expected.every(({ answer }, index) =>
      (replies[index] ?? []).every((reply) => contradiction(answer, [reply]) === undefined),
    );
    good = right ? good + 1 : 0;
  }
}

/** Whether the cluster's admission and the adapter's validation disagree about an object. */
function refusalDifference(object: KubeObject, refused: ReadonlyMap<string, string>, reader: Reader): readonly string[] {
  if (reader.validate === undefined) return [];
  const name = describeRef(refOf(object));
  const ours = reader.validate(object, ENV).map(({ message }) => message);
  const theirs = refused.get(name);
  if (theirs !== undefined && ours.length === 0) return [`${name} was refused (${theirs}), ours accepts it`];
  return theirs === undefined && ours.length > 0 ? [`${name} was accepted, ours refuses it (${ours.join('; ')})`] : [];
}

function differenceOf({ method, url, headers }: CaseRequest, answer: Answer, replies: readonly Reply[]): readonly string[] {
  const says = contradiction(answer, replies);
  if (says === undefined) return [];
  return [`${method} ${url} ${JSON.stringify(headers)}: ${says}; ours by ${answer.route ?? '-'}`];
}

function addressOf(request: CaseRequest, objects: readonly KubeObject[], namespace: string): string {
  const host = parseRequest(request).host.toLowerCase().replace(/\.$/, '');
  if (/^\d+(\.\d+){3}$/.test(host)) return host;
  for (const object of objects.filter(({ kind }) => kind === 'Service')) {
    const { name, namespace: owner = '' } = refOf(object);
    const full = `${name}.${owner}`;
    const known = [full, `${full}.svc`, `${full}.svc.cluster.local`, ...(owner === namespace ? [name] : [])];
    if (known.includes(host)) return (object.spec as { clusterIP: string }).clusterIP;
  }
  return NOWHERE;
}
