/** The protocol's messages, as JSON. Whatever else comes is refused. */

export const PROTOCOL_VERSION = 1;

/** `control`: one per session; `carry`: waits for callers' connections; `out`: one connection out of the pod. */
export type Role = 'control' | 'carry' | 'out';

export interface Hello {
  readonly version: number;
  readonly role: Role;
  readonly nonce: string;
  /** Of `control`: the ports to listen on. */
  readonly listen?: readonly number[];
  /** Of the others: the session that they belong to, from `Welcome`. */
  readonly session?: string;
}

export interface Challenge {
  readonly nonce: string;
  readonly proof: string;
}

export interface Proof {
  readonly proof: string;
}

/** Answers `control`. `session` is another one each time. */
export interface Welcome {
  readonly session: string;
}

export interface Denied {
  readonly why: 'auth' | 'version' | 'session' | 'ports' | 'dial' | 'protocol';
  readonly message: string;
}

/** How many callers' connections have no wire. */
export interface Waiting {
  readonly count: number;
}

/** A caller has connected to that port of the pod. */
export interface Open {
  readonly port: number;
}

export interface DialOut {
  readonly host: string;
  readonly port: number;
}

type Shape = Readonly<Record<string, 'string' | 'number'>>;

const SHAPES = {
  hello: { version: 'number', role: 'string', nonce: 'string' },
  challenge: { nonce: 'string', proof: 'string' },
  proof: { proof: 'string' },
  welcome: { session: 'string' },
  denied: { why: 'string', message: 'string' },
  waiting: { count: 'number' },
  open: { port: 'number' },
  dial: { host: 'string', port: 'number' },
} as const satisfies Readonly<Record<string, Shape>>;

interface Messages {
  readonly hello: Hello;
  readonly challenge: Challenge;
  readonly proof: Proof;
  readonly welcome: Welcome;
  readonly denied: Denied;
  readonly waiting: Waiting;
  readonly open: Open;
  readonly dial: DialOut;
}

/** Throws for what is not such a message. */
export function parseMessage<K extends keyof Messages>(kind: K, payload: Buffer): Messages[K] {
  const value: unknown = JSON.parse(payload.toString('utf8'));
  const fits =
    typeof value === 'object' &&
    value !== null &&
    Object.entries(SHAPES[kind]).every(([key, type]) => typeof (value as Record<string, unknown>)[key] === type);
  if (!fits) throw new Error(`${kind}: the message lacks a field`);
  return value as Messages[K];
}
