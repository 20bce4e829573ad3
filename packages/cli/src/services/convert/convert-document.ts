import {
  type Client,
  type Conversion,
  describeRef,
  type KubeObject,
  type Loss,
  type LossWitness,
  type MeshAdapter,
  type MeshDifference,
  type ObjectRef,
  type Problem,
  type ToldPart,
} from '@heddle/core';
import { fieldPath } from '../../rendering/field-path.js';
import type { FileSource } from '../files/types.js';
import type { MeshWithoutCluster } from '../mesh-choice/mesh-without-cluster.js';
import type { WrittenDocument } from '../write-objects/write-objects.js';

type FilePlace = { readonly file: string; readonly line: number };

/** A request that goes another way, as case files of `heddle test` write requests. */
export interface WitnessDocument {
  readonly client: Client;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  /** What becomes of it, in words. */
  readonly before: string;
  readonly after: string;
  readonly differs: readonly ToldPart[];
}

/** A loss, and where in the files it stands. */
export interface LossDocument extends Omit<Loss, 'witness'> {
  /** The pointer as people write fields: `spec.http[0].mirror`. */
  readonly field?: string;
  readonly place?: FilePlace;
  readonly witness?: WitnessDocument;
}

export interface DifferenceDocument extends Omit<MeshDifference, 'witness'> {
  readonly witness: WitnessDocument;
}

/** An object that its own mesh would refuse. */
export interface RefusedDocument {
  readonly code: string;
  readonly message: string;
  readonly ref?: ObjectRef;
  readonly pointer?: string;
  readonly place?: FilePlace;
}

/** What `heddle convert` has made; schemas/convert.json. */
export interface ConvertDocument {
  readonly to: { readonly id: string; readonly title: string; readonly version?: string };
  readonly from: readonly string[];
  readonly objects: readonly KubeObject[];
  readonly counts: { readonly from: number; readonly to: number; readonly losses: number; readonly requests: number };
  readonly losses: readonly LossDocument[];
  readonly differences: readonly DifferenceDocument[];
  readonly refused: readonly RefusedDocument[];
  readonly notes: readonly string[];
  /** With `--out`. */
  readonly out?: WrittenDocument;
}

export function convertDocument(made: {
  readonly target: MeshWithoutCluster;
  readonly sources: readonly { readonly adapter: MeshAdapter }[];
  readonly conversion: Conversion;
  readonly files: FileSource;
}): ConvertDocument {
  const { target, sources, conversion, files } = made;
  const { objects, from, losses, differences, notes, witnesses } = conversion;
  const { version } = target.env;
  return {
    to: { id: target.adapter.id, title: target.title, ...(version === undefined ? {} : { version }) },
    from: sources.map(({ adapter }) => adapter.id),
    objects,
    counts: { from, to: objects.length, losses: losses.length, requests: witnesses },
    losses: losses.map((loss) => lossDocument(loss, files)),
    differences: differences.map((one) => ({ ...one, witness: witnessDocument(one.witness) })),
    refused: files.refused.map((problem) => refusedDocument(problem, files)),
    notes: [...new Set([...files.notes, ...notes])],
  };
}

function lossDocument({ witness, ...loss }: Loss, files: FileSource): LossDocument {
  return {
    ...loss,
    ...(loss.pointer === undefined ? {} : { field: fieldPath(loss.pointer) }),
    ...placed(files, loss.ref, loss.pointer),
    ...(witness === undefined ? {} : { witness: witnessDocument(witness) }),
  };
}

function refusedDocument({ code, message, ref, pointer }: Problem, files: FileSource): RefusedDocument {
  const named = ref === undefined || message.includes(ref.name) ? message : `${describeRef(ref)}: ${message}`;
  return {
    ...{ code, message: named },
    ...(ref === undefined ? {} : { ref }),
    ...(pointer === undefined ? {} : { pointer }),
    ...placed(files, ref, pointer),
  };
}

function placed(files: FileSource, ref: ObjectRef | undefined, pointer: string | undefined): { readonly place?: FilePlace } {
  const place = ref === undefined ? undefined : files.placeOf(ref, pointer);
  return place === undefined ? {} : { place: { file: place.file, line: place.line } };
}

/** The host is the one that is dialled; a Host header that says another one is sent along. */
function witnessDocument({ client, request, before, after, differs }: LossWitness): WitnessDocument {
  const { scheme, host, port, authority, path } = request;
  const usual = (scheme === 'https' ? 443 : 80) === port ? '' : `:${port}`;
  const isOwn = authority === host || authority === `${host}:${port}`;
  return {
    client,
    method: request.method,
    url: `${scheme}://${host}${usual}${path}`,
    headers: [...(isOwn ? [] : [['Host', authority] as const]), ...request.headers],
    before,
    after,
    differs,
  };
}
