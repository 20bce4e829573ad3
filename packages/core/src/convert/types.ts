import type { MeshAdapter, MeshEnvironment } from '../contracts/mesh-adapter.js';
import type { Request } from '../model/match.js';
import type { KubeObject, ObjectRef } from '../model/object.js';
import type { Client } from '../model/view.js';

/** A mesh, and what is known of it where its objects are, or are to be. */
export interface MeshPart {
  readonly adapter: MeshAdapter;
  readonly env: MeshEnvironment;
}

export interface ConvertInput {
  /** Every object, of the meshes and of Kubernetes, those included that are only assumed. */
  readonly objects: readonly KubeObject[];
  /** The meshes whose objects are converted; the target may be one of them, for objects that its present versions do not read. */
  readonly sources: readonly MeshPart[];
  readonly target: MeshPart;
}

/** A part of a result that a caller or a backend can tell. */
export type ToldPart = 'destination' | 'redirect' | 'body' | 'rewrite' | 'mirror' | 'fault' | 'timeout' | 'retry' | 'headers' | 'opaque';

/** A request that has another fate after the conversion, and what that is, in words. */
export interface LossWitness {
  readonly client: Client;
  readonly request: Request;
  readonly before: string;
  readonly after: string;
  readonly differs: readonly ToldPart[];
}

/** Something that the converted objects do not say, or say otherwise. */
export interface Loss {
  /** A feature's name (`mirror`, `view.gateway`), or a code in kebab case; `differs`: found by comparing, foreseen by nobody. */
  readonly code: string;
  /** One sentence: what is lost, and what becomes of it. */
  readonly message: string;
  readonly ref?: ObjectRef;
  /** RFC 6901 JSON pointer in that object. */
  readonly pointer?: string;
  readonly service?: { readonly namespace: string; readonly name: string };
  /** What requests change, and who sends them, in words. */
  readonly requests?: string;
  /** Absent where the loss is none of a Service's requests in the mesh, or where no example could be made. */
  readonly witness?: LossWitness;
  /** What to do about it, one sentence. */
  readonly instead?: string;
}

/** How the two meshes differ whatever the objects say: nothing that a conversion loses. */
export interface MeshDifference {
  readonly code: 'host-header' | 'path-normalisation' | 'without-rules';
  readonly message: string;
  /** The Services that it was seen of, `namespace/name`. */
  readonly services: readonly string[];
  readonly witness: LossWitness;
}

/** What becomes of one request before and after a conversion. */
export interface Followed {
  /** Absent: nobody can tell the two apart. */
  readonly difference?: LossWitness;
  /** The losses that are about requests like this one, whether it differs or not. */
  readonly losses: readonly Loss[];
  readonly differences: readonly MeshDifference[];
}

export interface Conversion {
  /** The target mesh's objects: those that were its own already, unchanged, then the converted, in the order in which to apply them. */
  readonly objects: readonly KubeObject[];
  /** How many of them, from the first, have to be there before any of the others is. */
  readonly foundations: number;
  /** How many objects were converted or kept. */
  readonly from: number;
  /** By object. */
  readonly losses: readonly Loss[];
  readonly differences: readonly MeshDifference[];
  readonly notes: readonly string[];
  /** Requests that were followed through both. */
  readonly witnesses: number;
  /** Follows any request through both meshes. */
  follow(client: Client, request: Request): Followed;
}
