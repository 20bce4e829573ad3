import { connect } from 'node:net';
import type { ExposedPort } from '@heddle/core';
import { cliError } from '../errors/cli-error.js';
import { LOCAL_HOST } from '../flags/expose.js';

/** Whether something accepts connections there; the host that did so, since a name may mean several. */
export type ProbePort = (host: string, port: number) => Promise<string | undefined>;

const PROBE_TIMEOUT_MS = 1_000;

/** Tries to connect; `localhost` means 127.0.0.1, then ::1, whichever answers. */
export const probePort: ProbePort = async (host, port) => {
  for (const candidate of host === LOCAL_HOST ? ['127.0.0.1', '::1'] : [host]) {
    if (await answers(candidate, port)) return candidate;
  }
  return undefined;
};

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PROBE_TIMEOUT_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** The ports with the host that answers. Throws `local-port-closed` for one where nothing listens. */
export async function requireListening(ports: readonly ExposedPort[], probe: ProbePort): Promise<readonly ExposedPort[]> {
  return Promise.all(
    ports.map(async ({ port, local }) => {
      const host = await probe(local.host, local.port);
      if (host !== undefined) return { port, local: { host, port: local.port } };
      throw cliError('local-port-closed', `Nothing listens on ${placeOf(local)}, where requests for port ${port} would go.`, [
        'Start your application first, then heddle.',
        'Let heddle start it: add -- and its command, for example -- npm start',
        'Name the port that it listens on: --expose LOCAL:PORT',
      ]);
    }),
  );
}

/** Throws `local-port-in-use` where something listens already: the command would fail, and requests would reach the wrong program. */
export async function requireFree(ports: readonly ExposedPort[], probe: ProbePort): Promise<void> {
  for (const { local } of ports) {
    if ((await probe(local.host, local.port)) === undefined) continue;
    throw cliError('local-port-in-use', `Something listens on ${placeOf(local)} already, so the command after -- cannot open that port.`, [
      'Stop the other program.',
      'Leave out -- and the command, if that program is your application.',
    ]);
  }
}

export function placeOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
