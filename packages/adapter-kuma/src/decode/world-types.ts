import type { KubeObject, Labels, ObjectRef, PodRef } from '@heddle/core';
import type { Raw } from './raw.js';

/** Kuma's tags: of inbounds one value each; in selectors `*` stands for any value. */
export type Tags = Labels;

/** Something in an object that the mesh would not take as it stands, or that does nothing; said where the object has a say. */
export interface Oddity {
  readonly code: string;
  /** What is wrong, without the object's name: `conf.split[0].weight: the text "90" is read as a number`. */
  readonly message: string;
}

/** What every object of the mesh has. `age` orders: smaller is older. */
export interface Config {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly mesh: string;
  readonly age: number;
  readonly oddities: readonly Oddity[];
}

/** `Mesh.spec.meshServices.mode`: whether Services are destinations as resources of their own, as tags, or both. */
export type MeshServicesMode = 'Disabled' | 'Everywhere' | 'ReachableBackends' | 'Exclusive';

export interface Mesh {
  readonly name: string;
  readonly mode: MeshServicesMode;
  /** Whether requests to what the mesh does not know go where the client resolved it. */
  readonly passthrough: boolean;
  /** The Mesh object, if it was seen. */
  readonly ref?: ObjectRef;
}

export interface Namespace {
  readonly name: string;
  readonly labels: Labels;
  readonly mesh: string;
  /** What the injection label says. */
  readonly injected: boolean;
  /** Has an annotation where Kuma wants the label. */
  readonly annotated: boolean;
}

export interface ServicePort {
  readonly number: number;
  readonly name: string;
  readonly transport: string;
  /** In lower case: `http`, `http2`, `grpc`, `tcp`, `kafka`, `tls`, or whatever an annotation says. */
  readonly protocol: string;
  readonly protocolFrom: 'appProtocol' | 'annotation' | 'default';
  readonly appProtocol: string | undefined;
  /** A number, or the name of a container port. */
  readonly target: number | string;
}

export interface Service extends Config {
  /** FQDN in the cluster. */
  readonly host: string;
  readonly ports: readonly ServicePort[];
  /** ClusterIPs. */
  readonly addresses: readonly string[];
  readonly selector: Labels;
  readonly shape: 'clusterIP' | 'headless' | 'externalName' | 'selectorless';
  /** `kuma.io/ignore`: no inbounds are made of it. */
  readonly ignored: boolean;
}

export interface Pod {
  readonly ref: PodRef;
  readonly object: KubeObject;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly mesh: string;
  /** Whether it has the mesh's proxy, or will have one once it is created. */
  readonly proxied: boolean;
}

/** What a proxy serves: one for each Pod and Service port, or one without a Service. */
export interface Inbound {
  readonly service: Service | undefined;
  /** The Service's port; 49151 without a Service, as Kuma has it. */
  readonly port: number;
  readonly target: number;
  readonly protocol: string;
  readonly tags: Tags;
  readonly ready: boolean;
}

/** A Pod with the mesh's proxy, as Kuma's controller makes a Dataplane of it. */
export interface Dataplane {
  readonly ref: PodRef;
  readonly namespace: string;
  readonly mesh: string;
  /** The Pod's labels and the ones that Kuma adds. */
  readonly labels: Labels;
  readonly inbounds: readonly Inbound[];
  /** A delegated gateway: it calls as any other, and is no endpoint. */
  readonly gateway: boolean;
}

export interface TrafficSplit {
  readonly weight: number;
  readonly tags: Tags;
}

/** One item of `conf.http`, or what `conf` itself says when none of them matches. */
export interface TrafficRouteItem {
  readonly index: number;
  readonly pointer: string;
  readonly match: Raw;
  readonly modify: Raw | undefined;
  /** `destination` is a split of one with weight 1. */
  readonly split: readonly TrafficSplit[];
}

export interface TrafficRoute extends Config {
  readonly sources: readonly Tags[];
  readonly destinations: readonly Tags[];
  readonly http: readonly TrafficRouteItem[];
  readonly fallback: { readonly pointer: string; readonly split: readonly TrafficSplit[] };
}

export interface TargetRef {
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly tags?: Tags;
  readonly sectionName?: string;
  readonly proxyTypes?: readonly string[];
}

export interface BackendRef extends TargetRef {
  readonly weight: number;
  readonly port?: number;
}

export interface RouteRule {
  readonly index: number;
  readonly pointer: string;
  /** As written; a MeshTCPRoute has none. */
  readonly matches: readonly Raw[];
  /** `undefined`: the rule says nothing about them, so that a merge keeps another's. */
  readonly filters: readonly Raw[] | undefined;
  readonly backendRefs: readonly BackendRef[] | undefined;
}

export interface ToItem {
  readonly index: number;
  readonly pointer: string;
  readonly targetRef: TargetRef;
  readonly rules: readonly RouteRule[];
}

export type PolicyRole = 'system' | 'producer' | 'consumer' | 'workload-owner';

/** A MeshHTTPRoute or MeshTCPRoute. */
export interface MeshRoute extends Config {
  readonly displayName: string;
  readonly role: PolicyRole;
  /** `kuma.io/origin`. */
  readonly origin: 'global' | 'zone' | undefined;
  /** `kuma.io/effect: shadow`: a dry run, without effect. */
  readonly shadow: boolean;
  /** Whose calls it is about; the whole mesh when absent. */
  readonly targetRef: TargetRef;
  readonly to: readonly ToItem[];
}

/** A MeshTimeout or MeshRetry, as far as it is about single MeshHTTPRoutes. */
export interface RoutePolicy extends Config {
  readonly about: readonly { readonly targetRef: TargetRef; readonly conf: Raw }[];
}

export type DestinationKind = 'MeshService' | 'MeshExternalService' | 'MeshMultiZoneService';

export interface DestinationPort {
  readonly name: string;
  readonly number: number;
  readonly protocol: string;
}

/** A destination as a resource of its own. */
export interface MeshDestination extends Config {
  readonly kind: DestinationKind;
  readonly displayName: string;
  readonly zone: string | undefined;
  readonly ports: readonly DestinationPort[];
  /** MeshService: the proxies behind it. MeshMultiZoneService: the MeshServices behind it, by labels. */
  readonly selector: { readonly tags?: Tags; readonly labels?: Labels; readonly dataplane?: string };
  /** The Service that Kuma makes it of; it may be there without an object yet. */
  readonly service: Service | undefined;
  /** Names and addresses that its clients dial, as its status lists them. */
  readonly hostnames: readonly string[];
  /** Whether the object was seen, or follows from its Service. */
  readonly derived: boolean;
}

/** An object that is only in a file so far, and that the mesh would not take: it is read as if it were not there. */
export interface Refused {
  readonly ref: ObjectRef;
  readonly because: readonly string[];
}

/** Everything that was seen, in Kuma's terms. */
export interface World {
  readonly domain: string;
  readonly systemNamespace: string;
  readonly zone: string;
  readonly release: { readonly major: number; readonly minor: number };
  /** Whether inbounds carry tags: not in a mesh without them (a setting of the control plane). */
  readonly inboundTags: boolean;
  readonly meshes: ReadonlyMap<string, Mesh>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly services: readonly Service[];
  readonly pods: readonly Pod[];
  readonly dataplanes: readonly Dataplane[];
  /** By name, as Kuma compares them. */
  readonly trafficRoutes: readonly TrafficRoute[];
  /** Without dry runs. */
  readonly httpRoutes: readonly MeshRoute[];
  readonly tcpRoutes: readonly MeshRoute[];
  readonly destinations: readonly MeshDestination[];
  readonly routePolicies: readonly RoutePolicy[];
  /** Values of `kuma.io/service` that are ExternalServices, by mesh: `default/httpbin`. */
  readonly externalServices: ReadonlySet<string>;
  readonly refused: readonly Refused[];
}
