import { asWritten, describeMatches, fileRouting, isRoutesDocument, type KubeObject, type Rendered, type RenderLoss } from '@heddle/core';
import { cliError, cliInputError } from '../../errors/cli-error.js';
import { partsOf } from '../../plugins/catalogue.js';
import { objectsIn } from '../files/objects.js';
import { readSources, type SourceText } from '../files/sources.js';
import type { AdapterDeps } from '../mesh-choice/installed-adapters.js';
import { type MeshWithoutCluster, meshWithoutCluster } from '../mesh-choice/mesh-without-cluster.js';
import { type OutFolder, type WrittenDocument, writeObjects } from '../write-objects/write-objects.js';
import { fileProblemsError } from './file-problems.js';
import { type PlacedRoutesFile, placeFiles } from './place-files.js';
import { readRoutesFiles } from './read-routes-files.js';
import { renderAsRead } from './render-as-read.js';

export interface RenderRequest {
  /** What -f names: routes files, and Kubernetes objects around them. */
  readonly files: readonly string[];
  readonly namespace?: string;
  readonly mesh?: string;
  readonly version?: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Write the objects into files of this folder. */
  readonly out?: OutFolder;
}

/** What a routing loses in a mesh's objects, for users. */
export interface LossDocument extends Pick<RenderLoss, 'code' | 'message' | 'instead' | 'service'> {
  /** Which requests it concerns, in words; absent: all that no rule is for. */
  readonly requests?: string;
}

/** What `heddle route render` has made; schemas/route-render.json. */
export interface RenderDocument {
  readonly mesh: string;
  readonly objects: readonly KubeObject[];
  readonly losses: readonly LossDocument[];
  readonly notes: readonly string[];
  /** With `--out`. */
  readonly out?: WrittenDocument;
}

export interface RouteRenderer {
  /** The objects that say what routes files say, for a mesh that is named. Throws `routes-file`, `out-folder` and what reading files throws. */
  render(request: RenderRequest): Promise<RenderDocument>;
}

export interface RouteRendererDeps extends Omit<AdapterDeps, 'output'> {
  readonly readStdin: () => Promise<string>;
}

export function createRouteRenderer(deps: RouteRendererDeps): RouteRenderer {
  return {
    render: async ({ files, namespace, mesh, version, settings, out }) => {
      if (mesh === undefined || mesh === 'auto') throw meshNeeded(deps, mesh);
      const texts = await readSources(files, deps.readStdin);
      const { placed, notes } = placedFiles(texts, namespace);
      const said = { mesh, settings, ...(version === undefined ? {} : { version }) };
      const target = await meshWithoutCluster(deps, said);
      const { adapter } = target;
      const own = ownNamespace(placed, namespace);
      const objects = objectsIn(texts, own, adapter.kinds)
        .objects.map(({ object }) => object)
        .filter((object) => !isRoutesDocument(object));
      const routing = fileRouting(placed, objects);
      if (routing.problems.length > 0) throw fileProblemsError(placed, routing.problems);
      const made = await renderAsRead(target, routing.services, objects);
      if (made === undefined) throw cannotRender(target);
      const document = renderDocument(adapter.id, made.rendered, [...notes, ...routing.notes]);
      if (out === undefined) return document;
      return { ...document, out: writeObjects(out, { objects: document.objects, foundations: made.rendered.foundations ?? 0 }) };
    },
  };
}

function cannotRender({ adapter, title }: MeshWithoutCluster) {
  return cliError('render-unsupported', `The adapter ${adapter.id} writes no objects for ${title} from a routing.`, [
    'On a cluster with this mesh: heddle route apply -f FILE',
  ]);
}

/** No cluster tells which mesh it is. */
function meshNeeded({ catalogue }: RouteRendererDeps, received = 'nothing') {
  const ids = partsOf(catalogue, 'adapter').map(({ id }) => id);
  return cliInputError('usage', { path: '--mesh', expected: `the mesh that the objects are for: ${ids.join(' or ')}`, received });
}

function placedFiles(texts: readonly SourceText[], namespace: string | undefined) {
  const placed = placeFiles(readRoutesFiles(texts, { only: false }), {
    ...(namespace === undefined ? {} : { asked: namespace }),
    otherwise: 'default',
  });
  const assumed = namespace !== undefined ? [] : placed.filter(({ file }) => file.namespace === undefined);
  const notes = assumed.map(({ file }) => `Routes file ${file.name} names no namespace, and neither does -n: it is taken to be default.`);
  return { placed, notes };
}

/** Objects beside routes files that name no namespace are in that of the files, where these have one. */
function ownNamespace(placed: readonly PlacedRoutesFile[], asked: string | undefined): string {
  const [first = 'default', ...others] = new Set(placed.map(({ namespace }) => namespace));
  return asked ?? (others.length === 0 ? first : 'default');
}

function renderDocument(mesh: string, { objects, losses, notes }: Rendered, more: readonly string[]): RenderDocument {
  return {
    mesh,
    objects: objects.map(asWritten),
    losses: losses.map(({ code, message, instead, service, rule }) => ({
      code,
      message,
      ...(instead === undefined ? {} : { instead }),
      service: { namespace: service.namespace, name: service.name },
      ...(rule === undefined ? {} : { requests: describeMatches(rule.match) }),
    })),
    notes: [...new Set([...more, ...notes])],
  };
}
