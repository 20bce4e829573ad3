import type { HostPort } from './host.js';

/** What the agent may do in one session: `settings.json` of its Secret. */
export interface Settings {
  /** Where it is controlled from, on loopback only. */
  readonly controlPort: number;
  readonly permitListen: readonly number[];
  readonly permitOpen: readonly HostPort[];
}

/** Throws for anything that `JSON.stringify` of settings does not give. */
export function parseSettings(text: string): Settings {
  const value = JSON.parse(text) as Partial<Settings> | null;
  const { controlPort, permitListen, permitOpen } = value ?? {};
  const fits =
    isPort(controlPort) &&
    Array.isArray(permitListen) &&
    permitListen.every(isPort) &&
    Array.isArray(permitOpen) &&
    permitOpen.every((pair: Partial<HostPort> | null) => typeof pair?.host === 'string' && isPort(pair.port));
  if (!fits) throw new Error('settings.json: expected {controlPort, permitListen: [port], permitOpen: [{host, port}]}');
  return { controlPort, permitListen, permitOpen };
}

export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
}
