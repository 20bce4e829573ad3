import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { answerDifference, type Golden, type GoldenRequest, loadGoldens } from '@heddle/conformance';
import {
  type Answer,
  type Client,
  decodeTarget,
  detectMeshes,
  isRecord,
  type Labels,
  labelsMatch,
  type MeshAdapter,
  type MirrorOutcome,
  metaOf,
  type Outcome,
} from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConnections } from '../src/services/connections.js';
import { createExplainService, type ExplainService } from '../src/services/explain/explain.js';
import { explainDocument } from '../src/services/explain/explain-document.js';
import { openFiles } from '../src/services/files/open-files.js';
import { shapeChecker } from './support/schemas.js';

/** Recorded answers of real control planes and proxies, through all of what `heddle explain -f` does. */
const goldens = fileURLToPath(new URL('../../conformance/goldens', import.meta.url));
const hasShape = shapeChecker('explain');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-explain-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Envoy 1.39 changed how repeated headers match; the cases say where answers differ. */
const [NEW_ENVOY, OLD_ENVOY] = ['1.40.0', '1.38.3'];

const MESHES: readonly (readonly [string, MeshAdapter])[] = [
  ['istio', istio],
  ['kuma', kuma],
];

describe.each(MESHES)('explain -f on the recorded cases of %s', (mesh, adapter) => {
  it('gives every recorded answer', async () => {
    const wrong: string[] = [];
    let right = 0;
    for (const golden of await loadGoldens(join(goldens, mesh))) {
      const file = join(folder, `${golden.id}.json`);
      writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: golden.objects }, null, 1));
      const service = serviceOn(file, adapter);
      for (const request of golden.requests) {
        for (const envoy of request.observedOlderEnvoy === undefined ? [NEW_ENVOY] : [NEW_ENVOY, OLD_ENVOY]) {
          const difference = await compare(service, golden, request, envoy);
          if (difference === undefined) right += 1;
          else wrong.push(`${golden.id} ${request.url} on Envoy ${envoy}: ${difference}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(right).toBeGreaterThan(400);
  });
});

function serviceOn(file: string, adapter: MeshAdapter): ExplainService {
  const never = () => Promise.reject(new Error('no cluster is there'));
  const connections = createConnections({
    flags: {},
    config: () => ({ clusters: {} }),
    listContexts: never,
    connectCluster: never,
    openFiles: (assume) =>
      openFiles({ files: [file], readStdin: async () => '', adapters: async () => [adapter], ...(assume === undefined ? {} : { assume }) }),
  });
  const choose = async () => {
    const { cluster } = await connections.open();
    const [found] = await detectMeshes(cluster, [adapter]);
    const env = found?.detection.environment ?? { served: {}, settings: {} };
    return { adapter, env, because: 'the test says so', title: adapter.title, chosenBy: 'flag' } as const;
  };
  return createExplainService({ connections, meshes: { choose, all: async () => [] }, decodeTarget });
}

async function compare(service: ExplainService, { client, objects }: Golden, recorded: GoldenRequest, envoy: string) {
  const { method, url, headers, observed, observedOlderEnvoy } = recorded;
  const from =
    client.kind === 'gateway'
      ? { gateway: gatewayOf(client, objects) }
      : client.kind === 'none'
        ? {}
        : {
            fromNamespace: client.namespace,
            fromLabels: Object.entries(client.labels)
              .map(([key, value]) => `${key}=${value}`)
              .join(','),
          };
  const report = await service.explain({ url, method, headers: headers.map(([name, value]) => `${name}: ${value}`), envoy, ...from });
  const document = explainDocument(report);
  hasShape(JSON.parse(JSON.stringify(document)));
  return answerDifference(envoy === OLD_ENVOY ? (observedOlderEnvoy ?? observed) : observed, answerIn(document), [
    'seen',
    'protocol',
    'body',
  ]);
}

/** Recorded cases name a gateway by its Service. */
function gatewayOf(client: Client & { readonly kind: 'gateway' }, objects: Golden['objects']): string {
  const service = objects.find(({ kind, metadata, spec }) => {
    const selector = isRecord(spec) && isRecord(spec.selector) ? (spec.selector as Labels) : {};
    return kind === 'Service' && metaOf({ metadata }).namespace === client.namespace && labelsMatch(selector, client.labels);
  });
  return `${client.namespace}/${metaOf(service).name}`;
}

/** A document in the words of an answer, as comparing wants it; the version is not recorded. */
function answerIn(document: ReturnType<typeof explainDocument>): Answer {
  const podRefs = (pods: readonly string[]) => pods.map((pod) => ({ namespace: pod.split('/')[0] ?? '', name: pod.split('/')[1] ?? '' }));
  const { outcomes, mirrors, ...rest } = document as unknown as Omit<Answer, 'outcomes' | 'mirrors'> & {
    readonly outcomes: readonly (Omit<Outcome, 'pods'> & { readonly pods?: readonly string[] })[];
    readonly mirrors?: readonly (Omit<MirrorOutcome, 'pods'> & { readonly pods?: readonly string[] })[];
  };
  return {
    ...rest,
    outcomes: outcomes.map(({ version: _v, pods, ...one }) => ({ ...one, ...(pods === undefined ? {} : { pods: podRefs(pods) }) })),
    ...(mirrors === undefined ? {} : { mirrors: mirrors.map(({ pods = [], ...one }) => ({ ...one, pods: podRefs(pods) })) }),
    trace: [],
    notes: [],
  };
}
