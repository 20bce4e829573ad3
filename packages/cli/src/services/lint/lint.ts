import {
  distinctFindings,
  type KubeObject,
  lintMesh,
  lintQueries,
  lintRemovedKinds,
  lintServices,
  observeObjects,
  type Problem,
  refKey,
  refOf,
  type UnreadKind,
} from '@heddle/core';
import type { Connections } from '../connections.js';
import { assumed } from '../files/assume/assume.js';
import { podsOfWorkloads } from '../files/assume/workload-pods.js';
import { keysOf } from '../files/open-files.js';
import type { FileSource } from '../files/types.js';
import type { MeshChoice, MeshChooser } from '../mesh-choice.js';
import { lintCluster, SERVICES_AND_PODS } from './lint-cluster.js';
import { arranged, countsOf, type LintReport, nothingRead, type PlacedFinding } from './report.js';
import { isOfRollout, rolloutTargets } from './rollout-targets.js';

export interface LintService {
  /** Everything that is wrong with the objects that -f names, or with those of a cluster's namespaces. */
  lint(request: { readonly allNamespaces: boolean }): Promise<LintReport>;
}

/** What was found, before it is arranged. */
interface Found {
  readonly problems: readonly Problem[];
  readonly notes?: readonly string[];
  readonly unread?: readonly UnreadKind[];
  readonly objects: number;
  readonly placeOf?: (problem: Problem) => PlacedFinding['place'];
}

export function createLintService(deps: {
  readonly connections: Connections;
  readonly meshes: MeshChooser;
  /** What --mesh says. */
  readonly flag?: string;
}): LintService {
  return {
    lint: async ({ allNamespaces }) => {
      const connection = await deps.connections.open();
      const { files, context } = connection;
      const named = deps.flag !== undefined && deps.flag !== 'auto';
      const choices = named ? [await deps.meshes.choose(connection)] : await deps.meshes.all(connection);
      const namespace = files !== undefined || allNamespaces ? undefined : connection.namespace;
      const found: Found = files === undefined ? await lintCluster(connection.cluster, choices, namespace) : lintFiles(files, choices);
      const { notes = [], unread = [] } = found;
      if (unread.length > 0 && found.objects === 0) throw nothingRead(context, unread);
      const problems = distinctFindings(found.problems).filter((problem) => isIn(problem, namespace));
      const findings = arranged(problems, found.placeOf ?? (() => undefined));
      return {
        source: files === undefined ? context : 'files',
        ...(namespace === undefined ? {} : { namespace }),
        meshes: choices.map(({ adapter, title, env }) => ({
          id: adapter.id,
          title,
          ...(env.version === undefined ? {} : { version: env.version }),
        })),
        objects: found.objects,
        findings,
        counts: countsOf(findings),
        unread,
        notes: [...(choices.length === 0 ? [withoutMesh(files)] : []), ...notes],
      };
    },
  };
}

function withoutMesh(files: FileSource | undefined): string {
  if (files === undefined) return 'The cluster runs no mesh that heddle knows: only Services were looked at.';
  return 'No object of a mesh is in the files: only Services were looked at. With --mesh ID routes of the Gateway API are looked at too (heddle adapters lists the IDs).';
}

/** Objects that belong to no namespace are everybody's, but a Namespace is its own. */
function isIn({ ref }: Problem, namespace: string | undefined): boolean {
  if (namespace === undefined || ref === undefined) return true;
  if (ref.kind === 'Namespace') return ref.name === namespace;
  return ref.namespace === undefined || ref.namespace === namespace;
}

/**
 * Files are what they hold: only the Pods of workloads are added, as a cluster would make them. Where they hold no Service at all,
 * those that the mesh's objects name are assumed, so that the rest can be judged.
 */
function lintFiles(files: FileSource, choices: readonly MeshChoice[]): Found {
  const own = files.objects.map(({ object }) => object);
  const withServices = own.some(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1');
  const adapters = choices.map(({ adapter }) => adapter);
  const added = withServices ? { ...podsOfWorkloads(own), notes: [] } : assumed(own, adapters, {});
  const objects = [...own, ...explained(files), ...added.objects];
  const managed = rolloutTargets(own);
  const problems = [
    ...files.refused,
    ...lintRemovedKinds(own),
    ...choices.flatMap(({ adapter, env }) => lintMesh(adapter, observeObjects(objects, lintQueries(adapter, env)), env)),
    ...lintServices(observeObjects(objects, SERVICES_AND_PODS)),
  ].filter((problem) => !isOfRollout(problem, managed));
  const placeOf = ({ ref, pointer }: Problem) => {
    const place = ref === undefined ? undefined : files.placeOf(ref, pointer);
    return place === undefined ? undefined : { file: place.file, line: place.line };
  };
  const judged = withServices ? problems : problems.map(asNoteOfPods);
  return { problems: judged, notes: [...files.notes, ...added.notes], objects: own.length + keysOf(files.refused).size, placeOf };
}

/** Where the files hold no Service, the application is elsewhere, and Pods that they do not hold are with it. */
const OF_PODS = ['subset-empty', 'tag-without-pods', 'service-without-pods', 'target-port-missing'];
const asNoteOfPods = (problem: Problem): Problem => (OF_PODS.includes(problem.code) ? { ...problem, severity: 'info' } : problem);

/** Refused objects whose faults the mesh's own findings name: what else is wrong with them is said too. */
function explained({ refused, leftOut }: FileSource): readonly KubeObject[] {
  const keys = keysOf(refused.filter(({ code }) => code === 'invalid-object'));
  return leftOut.filter((object) => !keys.has(refKey(refOf(object))));
}
