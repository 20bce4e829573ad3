import type { KubeObject, Labels, ObjectRef, Origin, PodRef } from '@heddle/core';
import type { Raw } from './raw.js';

/** What every kind has. `age` orders: smaller is older. */
export interface Config {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  readonly namespace: string;
  readonly name: string;
  readonly age: number;
}

/** Where objects may be seen: namespaces, `*` everywhere, `~` nowhere. Own namespace by name, never as `.`. */
export type Visibility = ReadonlySet<string>;

export type PortProtocol = 'http' | 'tcp' | 'tls' | 'auto' | 'udp';

export interface ServicePort {
  readonly number: number;
  readonly name: string;
  readonly protocol: PortProtocol;
  /** A number, or the name of a container port. */
  readonly target: number | string;
}

export interface Service extends Config {
  readonly host: string;
  readonly ports: readonly ServicePort[];
  readonly addresses: readonly string[];
  readonly selector: Labels;
  readonly visible: Visibility;
  readonly shape: 'clusterIP' | 'headless' | 'externalName' | 'selectorless';
}

export interface Pod {
  readonly ref: PodRef;
  readonly labels: Labels;
  readonly ready: boolean;
  /** Container ports by name. */
  readonly ports: ReadonlyMap<string, number>;
}

/** A destination with its host completed. */
export interface RouteDestination {
  readonly host: string;
  readonly subset: string;
  /** Which of the host's pods, in place of a subset: a RouteRule's. */
  readonly labels?: Labels;
  readonly port: number | undefined;
  readonly weight: number;
  readonly headers: Raw | undefined;
}

export interface HttpRule {
  readonly name: string;
  /** As written, gateways completed. */
  readonly match: readonly Raw[];
  readonly route: readonly RouteDestination[];
  readonly redirect?: Raw;
  readonly directResponse?: Raw;
  readonly rewrite?: Raw;
  readonly timeout?: unknown;
  readonly retries?: unknown;
  readonly fault?: Raw;
  readonly mirror?: RouteDestination;
  readonly mirrorPercent?: unknown;
  readonly mirrorPercentage?: Raw;
  readonly mirrors?: readonly { readonly destination: RouteDestination; readonly percentage: Raw | undefined }[];
  readonly headers?: Raw;
  readonly corsPolicy?: unknown;
  readonly delegate?: { readonly namespace: string; readonly name: string };
  /** Of a route of the Gateway API: path prefixes end at segments, and a destination that does not exist is 500. */
  readonly dialect?: 'gateway-api';
  /** Conditions that the model cannot express: where they stand, and what they say. */
  readonly opaque?: Raw;
  /** Root first, then leaf. */
  readonly origins: readonly Origin[];
}

export interface VirtualService extends Config {
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  readonly exportTo: readonly string[] | undefined;
  readonly visible: Visibility;
  /** Delegates merged in. */
  readonly http: readonly HttpRule[];
  readonly tcp: readonly Raw[];
  readonly tls: readonly Raw[];
  readonly delegates: readonly { readonly ref: ObjectRef; readonly object: KubeObject; readonly rootIndex: number }[];
  /** The HTTPRoutes and GRPCRoutes that istiod made it of, oldest first; absent: somebody wrote it. `ref` and `object` are the first one's. */
  readonly routes?: readonly Config[];
  /** Stands for the RouteRules of a host: what none of them is for takes the implicit route. */
  readonly legacy?: true;
}

export interface Subset {
  readonly name: string;
  readonly labels: Labels;
}

export interface DestinationRule extends Config {
  readonly host: string;
  /** As written: `.` is not the same as the own namespace's name, and none is not the same as `*`. */
  readonly exportTo: ReadonlySet<string>;
  readonly selector: Labels | undefined;
  readonly subsets: readonly Subset[];
}

export interface Sidecar extends Config {
  readonly selector: Labels | undefined;
  readonly egress: readonly Raw[];
  readonly policy: Raw | undefined;
}

export interface GatewayServer {
  readonly number: number;
  readonly portName: string;
  readonly protocol: string;
  readonly bind: string;
  /** `namespace/host` or `host`. */
  readonly hosts: readonly string[];
  readonly tls: Raw | undefined;
}

export interface Gateway extends Config {
  readonly selector: Labels;
  readonly servers: readonly GatewayServer[];
}

/** A RouteRule of `config.istio.io/v1alpha2`: what becomes of some requests for one destination. */
export interface RouteRule extends Config {
  /** The destination's FQDN. */
  readonly host: string;
  /** The higher comes first. */
  readonly precedence: number;
  /** Whose requests: those of pods behind this Service that carry the labels. Absent: everybody's. */
  readonly source: { readonly host: string; readonly labels: Labels } | undefined;
  /** As a VirtualService would say it, but for the source. */
  readonly http: HttpRule;
  /** Fields that no Istio acted on, or that are not read. */
  readonly unread: readonly string[];
  readonly uriHeader: boolean;
}

/** A RouteRule, and why it has no say if it has none. */
export interface JudgedRouteRule {
  readonly rule: RouteRule;
  /** `version`: the mesh is too new. An object: it shows that the host's requests are routed by today's objects. */
  readonly ignored?: 'version' | Config;
}

/** Everything that was seen, in Istio's terms, oldest first. */
export interface World {
  readonly domain: string;
  readonly rootNamespace: string;
  readonly outbound: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  readonly services: readonly Service[];
  readonly serviceByHost: ReadonlyMap<string, Service>;
  /** Those that people wrote, and those that istiod makes of HTTPRoutes and GRPCRoutes attached to Services. */
  readonly virtualServices: readonly VirtualService[];
  /** Where they have a say, they are among `virtualServices` too. */
  readonly routeRules: readonly JudgedRouteRule[];
  /** HTTPRoutes and GRPCRoutes, whatever they are attached to. */
  readonly routes: readonly Config[];
  readonly destinationRules: readonly DestinationRule[];
  readonly sidecars: readonly Sidecar[];
  readonly gateways: readonly Gateway[];
  readonly pods: ReadonlyMap<string, readonly Pod[]>;
}
