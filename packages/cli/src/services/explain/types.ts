import type {
  Client,
  Explanation,
  Gap,
  MeshAdapter,
  MeshEnvironment,
  MirrorOutcome,
  ObjectRef,
  Outcome,
  Problem,
  Request,
} from '@heddle/core';
import type { Connection } from '../connections.js';
import type { Place } from '../files/types.js';

/** What the command line says of a request and of who sends it. */
export interface ExplainInput {
  readonly url: string;
  readonly method?: string;
  /** `name: value`, as sent. */
  readonly headers: readonly string[];
  /** `[ns/]workload`, `[ns/]kind/name`. */
  readonly from?: string;
  readonly fromNamespace?: string;
  /** `k=v,…` */
  readonly fromLabels?: string;
  /** `[ns/]name` of a gateway's Service, workload, Pod or Gateway object. */
  readonly gateway?: string;
  /** Envoy's version, in the place of the one that was found. */
  readonly envoy?: string;
}

/** Who sends a request. */
export interface Caller {
  readonly client: Client;
  readonly namespace: string;
  /** In words: `Deployment shop/web`, `a pod in namespace default`. */
  readonly who: string;
  /** What had to be taken for granted, in sentences. */
  readonly notes: readonly string[];
}

export interface CallerContext {
  readonly connection: Connection;
  readonly adapter: MeshAdapter;
  readonly env: MeshEnvironment;
}

export interface ExplainReport {
  readonly mesh: string;
  readonly url: string;
  readonly request: Request;
  readonly caller: Caller;
  readonly explanation: Explanation;
  /** The answer's, with the versions that their pods are of. */
  readonly outcomes: readonly Outcome[];
  readonly mirrors: readonly (MirrorOutcome & { readonly version?: string })[];
  /** What the answer hangs on and heddle does not read: not empty means that there is none. */
  readonly dependsOn: readonly Gap[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /** Where a file holds an object, or a part of it. */
  readonly placeOf: (ref: ObjectRef, pointer?: string) => Place | undefined;
}
