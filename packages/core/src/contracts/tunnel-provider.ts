import type { Duplex } from 'node:stream';
import type { KubeObject } from '../model/object.js';

export const TUNNEL_PROVIDER_TYPE = '@heddle/TunnelProvider';
export const TUNNEL_PROVIDER_API = 1;

export type Log = (message: string, details?: Readonly<Record<string, unknown>>) => void;

/** A stream to a port of the shadow's pod. May be called often; finds the pod anew each time. */
export type Dial = (port: number, signal: AbortSignal) => Promise<Duplex>;

/** What the agent in the shadow's pod must do. */
export interface AgentSpec {
  /** The container's image. */
  readonly image: string;
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Name of the Secret that core creates from `Agent.secretData`; mount it by this name. */
  readonly secretName: string;
  /** Ports of the pod to listen on for the mesh, all ≥1024. */
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  /** `host:port` pairs that `Tunnel.open` may reach: the service itself, for the proof. */
  readonly permitOpen: readonly { readonly host: string; readonly port: number }[];
}

/** The agent, as parts of a pod. The container's readiness is an exec probe for the listening ports. */
export interface Agent {
  readonly container: KubeObject;
  readonly volumes: readonly KubeObject[];
  /** Base64 values, as in Secret `data`. */
  readonly secretData: Readonly<Record<string, string>>;
  /** The port of the pod that `connect` dials. */
  readonly port: number;
  /** Keys and pins of this one session; opaque to core, and never written anywhere. */
  readonly credentials: unknown;
}

export interface ForwardSpec {
  /** The pod's port, one of `AgentSpec.ports`. */
  readonly port: number;
  /** Asked once per connection: where it goes on this side. */
  readonly to: () => { readonly host: string; readonly port: number };
}

export interface ForwardStats {
  readonly port: number;
  readonly open: number;
  readonly total: number;
  readonly failed: number;
  /** From the cluster to the laptop. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface TunnelClosed {
  readonly why: 'lost' | 'auth' | 'refused' | 'disposed';
  /** Whether connecting again can help. */
  readonly retry: boolean;
  readonly cause?: unknown;
}

/** One connection with its forwards. `[Symbol.asyncDispose]` is idempotent and ends everything that it opened. */
export interface Tunnel extends AsyncDisposable {
  /** Resolves once, never rejects. */
  readonly closed: Promise<TunnelClosed>;
  stats(): readonly ForwardStats[];
  /** A connection out of the agent's pod, subject to `permitOpen`: the session's proof. */
  open?(host: string, port: number): Promise<Duplex>;
}

/** Makes one connection; core owns reconnecting, back-off, state and events. */
export interface TunnelProvider {
  readonly $$type: typeof TUNNEL_PROVIDER_TYPE;
  readonly apiVersion: typeof TUNNEL_PROVIDER_API;
  readonly id: string;
  readonly title: string;
  /** A port of another protocol is refused at plan time. */
  readonly protocols: readonly ('tcp' | 'udp')[];
  agent(spec: AgentSpec): Promise<Agent>;
  /**
   * Resolves when every forward is listening in the pod.
   * Rejects with a `UserError` (codes `tunnel-auth`, `tunnel-refused`) where trying again cannot help, with any other error where it can.
   */
  connect(
    dial: Dial,
    agent: Agent,
    forwards: readonly ForwardSpec[],
    options: { readonly signal: AbortSignal; readonly log: Log },
  ): Promise<Tunnel>;
}

export function defineTunnelProvider(provider: Omit<TunnelProvider, '$$type' | 'apiVersion'>): TunnelProvider {
  return { $$type: TUNNEL_PROVIDER_TYPE, apiVersion: TUNNEL_PROVIDER_API, ...provider };
}
