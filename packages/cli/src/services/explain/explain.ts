import {
  type Answer,
  type Explanation,
  explainRequest,
  isSupported,
  type KubeObject,
  metaOf,
  type Observed,
  type Outcome,
  objectsOf,
  type PodRef,
  parseRequest,
  podVersions,
  type Request,
  requestHosts,
  wasRead,
} from '@heddle/core';
import type { Connections } from '../connections.js';
import { fileNotes } from '../files/file-notes.js';
import type { MeshChooser } from '../mesh-choice.js';
import type { DecodeTarget } from '../route.js';
import { type PlainService, withoutMesh } from './beyond-mesh.js';
import { callerOf, homeOf } from './caller.js';
import { gapsFor, problemsFor } from './concerning.js';
import { parseHeaders } from './parse-headers.js';
import { versionOf, withVersion } from './pod-versions.js';
import type { Caller, ExplainInput, ExplainReport } from './types.js';
import { unknownHostNotes } from './unknown-host.js';

export interface ExplainService {
  /** What becomes of a request, and why. */
  explain(input: ExplainInput): Promise<ExplainReport>;
}

export function createExplainService(deps: {
  readonly connections: Connections;
  readonly meshes: MeshChooser;
  readonly decodeTarget: DecodeTarget;
}): ExplainService {
  return {
    explain: async (input) => {
      const request = requestOf(input);
      const connection = await deps.connections.open({ port: request.port, gateways: input.gateway !== undefined });
      // A cluster may run several meshes: the caller's proxy is what counts.
      const { adapter, env: found, title } = await deps.meshes.choose({ ...connection, namespace: homeOf(input, connection.namespace) });
      const env = input.envoy === undefined ? found : { ...found, envoy: input.envoy };
      const { cluster, files } = connection;
      const caller = await callerOf(input, { connection, adapter, env });
      const { seen, decoded } = await deps.decodeTarget({ cluster, adapter, env }, { services: [], hosts: requestHosts(request) });
      const explanation = explainRequest(decoded.tables, caller.client, request, env.envoy === undefined ? {} : { envoy: env.envoy });
      const plain = caller.client.kind === 'none' ? await withoutMesh(cluster, services(seen), caller.namespace, request) : undefined;
      const pods = podVersions(plain?.pods ?? objectsOf(seen, '', 'Pod'));
      const { outcomes, mirrors = [] } = explanation.answer;
      const sent: readonly Outcome[] = plain === undefined ? outcomes : outcomes.map((one) => ({ ...one, pods: plain.pods.map(podRef) }));
      const subsets = isSupported(adapter.capabilities(env), 'to.subset');
      return {
        mesh: title,
        url: input.url,
        request,
        caller,
        explanation,
        outcomes: sent.map((one) => withVersion(one, pods, subsets)),
        mirrors: mirrors.map((one) => {
          const version = versionOf(one, pods);
          return version === undefined ? one : { ...one, version };
        }),
        dependsOn: gapsFor(decoded, caller),
        problems: problemsFor(decoded, explanation, caller),
        notes: [
          ...(wasRead(seen, '', 'Service') ? unknownHostNotes(services(seen), request, caller, explanation.answer) : []),
          ...caller.notes,
          ...answerNotes(explanation, caller, plain),
          ...fileNotes(files),
        ],
        placeOf: (ref, pointer) => files?.placeOf(ref, pointer),
      };
    },
  };
}

/** `reviews:9080/path` is taken as HTTP, as curl does. */
function requestOf({ url, method, headers }: ExplainInput): Request {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`;
  return parseRequest({ url: whole, headers: parseHeaders(headers), ...(method === undefined ? {} : { method }) });
}

function podRef(pod: KubeObject): PodRef {
  const { namespace = '', name } = metaOf(pod);
  return { namespace, name };
}

const services = (seen: Observed): readonly KubeObject[] => objectsOf(seen, '', 'Service');

function answerNotes({ answer }: Explanation, { client, who }: Caller, plain: PlainService | undefined): readonly string[] {
  if (client.kind !== 'none') return [...answer.notes, ...pathNotes(answer)];
  return [`${who} has no proxy of the mesh, so no rule of the mesh applies to its requests: ${thenGoes(plain)}.`];
}

/** A rewrite can leave a path that no server takes; with sidecars at both ends that is what real requests got. */
function pathNotes({ seen, outcomes }: Answer): readonly string[] {
  if (seen === undefined || seen.path.startsWith('/') || seen.path === '*' || outcomes.every(({ reason }) => reason !== undefined))
    return [];
  return [`The path arrives as ${seen.path}, without a leading slash: HTTP servers, and a sidecar at the other end, answer 400.`];
}

function thenGoes(plain: PlainService | undefined): string {
  if (plain === undefined) return 'it goes to whatever the name leads to';
  const { name, port } = plain;
  if (port === undefined) return `Kubernetes sends it to any ready pod of Service ${name}`;
  return `Service ${name} is headless, so it goes to port ${port} of any ready pod, whatever port the Service leads to`;
}
