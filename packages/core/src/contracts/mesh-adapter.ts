import type { Change, ObjectEdit, Planned, ServiceRef, Target, Version } from '../model/change.js';
import type { KubeObject, Labels, ObjectQuery, ObjectRef, ResourceKind } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import type { Owner } from '../model/owner.js';
import type { Rendered, Routing } from '../model/routing.js';
import type { RouteTable } from '../model/table.js';
import type { Capabilities } from './capabilities.js';
import type { ClusterFacts } from './cluster.js';

export const MESH_ADAPTER_TYPE = '@heddle/MeshAdapter';
export const MESH_ADAPTER_API = 1;

/** What an adapter needs to know about the mesh in a cluster. Filled by `detect`, or by hand for files. */
export interface MeshEnvironment {
  /** The mesh's version, if it could be read: `1.31.1`. */
  readonly version?: string;
  /** Its Envoy's version; decides how repeated headers are matched (from 1.39 each value alone). */
  readonly envoy?: string;
  /** apiVersion to read and write each kind in: `{VirtualService: 'networking.istio.io/v1'}`. */
  readonly served: Readonly<Record<string, string>>;
  /** The adapter's own settings, from detection or the cluster's config: `{rootNamespace: 'istio-system'}`. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Detection {
  readonly environment: MeshEnvironment;
  /** What gave it away, in words: `CRD virtualservices.networking.istio.io, istiod 1.31.1 in istio-system`. */
  readonly because: string;
  /** The name to show, where it is more exact than the adapter's title: `Kong Mesh`. */
  readonly title?: string;
}

/** Something that decode saw and that limits what can be said: a missing subset, a rule that is never reached. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly ref?: ObjectRef;
  /** Where in the object, as an RFC 6901 JSON pointer. */
  readonly pointer?: string;
  /** `error`: requests fail, or the object does not do what it says. `warning`: it surprises somebody. Absent: a warning. */
  readonly severity?: 'error' | 'warning' | 'info';
  /** What to do about it, one sentence. */
  readonly fix?: string;
}

/** Something that decode cannot read (yet, or for lack of rights): answers and plans for the services concerned are refused. */
export interface Gap {
  /** A feature's name, e.g. `delegate`, `exportTo`, or `unread` for missing rights. */
  readonly feature: string;
  readonly message: string;
  readonly ref?: ObjectRef;
}

export interface Decoded {
  readonly tables: readonly RouteTable[];
  readonly problems: readonly Problem[];
  readonly gaps: readonly Gap[];
}

/** A rule of ours as it stands in an object. The hash is over its canonical content (core's `contentHash`). */
export interface OwnedRule {
  readonly owner: Owner;
  readonly service?: { readonly namespace: string; readonly name: string };
  readonly ref: ObjectRef;
  readonly pointer: string;
  readonly hash: string;
}

/** The shadow that core is about to create. */
export interface ShadowSpec {
  readonly owner: Owner;
  /** The base service and the ports that are exposed. */
  readonly services: readonly ServiceRef[];
  /** Name of the shadow's pod and Service. */
  readonly name: string;
  readonly realise: Version['realise'];
  /** `auto`: as the namespace has it; `off`: never (the proof then reads `written`). */
  readonly sidecar: 'auto' | 'off';
  /** The user takes it that policies of the base do not hold for the shadow: `policy-gap` is then a note, not a refusal. */
  readonly acceptPolicyGap?: boolean;
}

/** What the mesh wants of the shadow: core adds its own labels, the agent's container and owner references. */
export interface ShadowNeeds {
  /** Whether the pod will have the mesh's proxy. */
  readonly sidecar: boolean;
  readonly podLabels: Labels;
  readonly podAnnotations: Labels;
  readonly serviceLabels: Labels;
  readonly serviceAnnotations: Labels;
  /** Whether the pod must mount its service account's token (Kuma's sidecar needs it). */
  readonly serviceAccountToken: boolean;
  /**
   * The pod must count as ready while its tunnel is down: for a mesh where an unready destination changes what becomes of everybody's
   * requests. Whoever is sent to the shadow then gets a refused connection, which proxies answer with 503, as with an unready one.
   */
  readonly readyWithoutTunnel?: boolean;
}

/** A Service that an object of the mesh names. */
export interface Mention {
  readonly namespace: string;
  readonly name: string;
  readonly port?: number;
  /** A version of it, where the object says which labels its Pods have. */
  readonly version?: { readonly id: string; readonly labels: Labels };
}

export type Acceptance = { readonly state: 'accepted' | 'pending' | 'rejected' | 'unknown'; readonly message?: string };

/**
 * A mesh, as a pure codec: objects in, tables out; change in, object edits out. No I/O, clock, randomness or module state.
 * Made by `defineMeshAdapter`; a plain object, so that a second installed copy of core can still read it.
 */
export interface MeshAdapter {
  readonly $$type: typeof MESH_ADAPTER_TYPE;
  readonly apiVersion: typeof MESH_ADAPTER_API;
  /** Lower-case id, as in config and `--mesh`. */
  readonly id: string;
  readonly title: string;
  /** All that it may read or write, with verbs: for rights, watches and the search for orphans. */
  readonly kinds: readonly ResourceKind[];
  /** Objects that `detect` would like to see, beyond the API groups. Answers may be `unread`. */
  readonly facts: readonly ObjectQuery[];
  /** Whether this mesh runs in the cluster, and why; `undefined` when not. */
  detect(facts: ClusterFacts): Detection | undefined;
  /**
   * The settings of an environment that users may give (`--set KEY=VALUE`), by name: the values that there are, or `text` for any.
   * Absent: any name and value is taken.
   */
  readonly settings?: Readonly<Record<string, readonly string[] | 'text'>>;
  capabilities(env: MeshEnvironment): Capabilities;
  /** What to read for a target. Called again with what was seen until it asks for nothing new (at most 5 rounds). */
  reads(target: Target, seen: Observed, env: MeshEnvironment): readonly ObjectQuery[];
  /** What else the edits of a change touch; decoded and checked too. */
  affects(change: Change, seen: Observed, env: MeshEnvironment): Target;
  /**
   * The versions of a service that the mesh can tell apart as it stands, by the names that its users know: subsets and tags. A Service
   * of its own (`reviews-v1`) is no such version: core finds those itself.
   */
  versions(service: ServiceRef, seen: Observed, env: MeshEnvironment): readonly Version[];
  /** Whether a pod has the mesh's proxy: only then do its calls follow the mesh's rules. */
  inMesh(pod: unknown): boolean;
  /**
   * Whether the mesh would give a new Pod its proxy, as far as labels and annotations of it and of its Namespace (where known) say so;
   * `undefined` where they say nothing. For Pods that stand in files, which nothing has been injected into. Absent: never known.
   */
  injects?(pod: unknown, namespace: unknown): boolean | undefined;
  /** The gateway proxies that an object configures: labels of their Pods, and the namespace in which such Pods usually run. */
  gatewayProxies?(object: unknown): { readonly labels: Labels; readonly namespace: string } | undefined;
  /** The Services, ports and versions that an object names, whether they are there or not. Absent: not known. */
  mentions?(object: unknown): readonly Mention[];
  decode(target: Target, seen: Observed, env: MeshEnvironment): Decoded;
  /** What `decode` gives for each target, with what they share read once. Absent: `decode` is called for each. */
  decodeEach?(targets: readonly Target[], seen: Observed, env: MeshEnvironment): readonly Decoded[];
  /**
   * What the CRD's schema or the mesh's admission webhook would refuse of an object: it never gets into a cluster, so for objects that
   * come from files it is reported and left out before `decode`. Empty for objects of other kinds. Absent: not known, nothing is left out.
   * A code other than `invalid-object` is one of `lint`'s: `lint` gets the object all the same, and looks past that fault.
   */
  validate?(object: unknown, env: MeshEnvironment): readonly Problem[];
  /**
   * What is wrong with the mesh's objects as they stand together, whoever calls: `heddle lint`. Given what `reads` asks for of no target,
   * and the Pods of all namespaces; the work must be linear in the number of objects. Absent: the problems of one decode of all Services
   * are taken.
   */
  lint?(seen: Observed, env: MeshEnvironment): readonly Problem[];
  /** The rules of ours in one object; empty for foreign objects. Needs no record. */
  owned(object: unknown): readonly OwnedRule[];
  shadow(spec: ShadowSpec, seen: Observed, env: MeshEnvironment): Planned<ShadowNeeds>;
  /**
   * The edits that make the owner's rules exactly the change's, from whatever is there: create, update, re-encode and undo
   * are the same call. No edits when nothing would change. All views at once.
   */
  encode(change: Change, seen: Observed, env: MeshEnvironment): Planned<readonly ObjectEdit[]>;
  /**
   * The mesh's own objects for a routing, as a user would write them: for `convert` and `route render`, which print and do not write.
   * Says as much as the mesh can, and lists what it cannot. Absent: nothing is converted to this mesh.
   */
  render?(routing: Routing, env: MeshEnvironment): Rendered;
  /**
   * Kubernetes objects of another cluster (Services, Pods, Namespaces) as they would be in one that runs this mesh: Pods with its proxy,
   * and what the mesh itself needs to be there (Kuma's Mesh). For comparing a routing before and after it is converted.
   */
  adopt?(objects: readonly KubeObject[], env: MeshEnvironment): readonly KubeObject[];
  /**
   * What objects of the mesh say besides the routing that `decode` shows of Services: traffic policies, gateways, fields that had no
   * effect, hosts that are no Service among the objects (code `host`, `pointer` to the host). Each is a loss when the objects are
   * converted to another mesh; of severity `info` it is a note. Given all objects that there are. Absent: not known.
   */
  besides?(objects: readonly KubeObject[], env: MeshEnvironment): readonly Problem[];
  /** Whether the mesh took an edit, as far as `live` (the object read back, or undefined when gone) shows it. */
  accepted(edit: ObjectEdit, live: unknown, env: MeshEnvironment): Acceptance;
}

export function defineMeshAdapter(adapter: Omit<MeshAdapter, '$$type' | 'apiVersion'>): MeshAdapter {
  return { $$type: MESH_ADAPTER_TYPE, apiVersion: MESH_ADAPTER_API, ...adapter };
}
