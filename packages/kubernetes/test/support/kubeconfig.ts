import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '@heddle/core';
import { onTestFinished } from 'vitest';
import { connectIn, type Surroundings } from '../../src/connect.js';
import type { ApiServer } from './api-server.js';

export const base64 = (text: string) => Buffer.from(text).toString('base64');

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'heddle-kubernetes-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A kubeconfig with one context `test`; JSON is YAML. */
export function kubeconfigText(server: { readonly url: string; readonly ca?: string }, cluster: object = {}, user: object = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [
      {
        name: 'c',
        cluster: {
          server: server.url,
          ...(server.ca === undefined ? {} : { 'certificate-authority-data': base64(server.ca) }),
          ...cluster,
        },
      },
    ],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'test', context: { cluster: 'c', user: 'u' } }],
  });
}

export interface ConnectSettings {
  readonly cluster?: object;
  readonly user?: object;
  readonly surroundings?: Partial<Surroundings>;
  readonly signal?: AbortSignal;
}

/** A cluster on the server, as a kubeconfig leads to it; closed when the test is over. */
export async function connectTo(server: Pick<ApiServer, 'url' | 'ca'>, settings: ConnectSettings = {}): Promise<Cluster> {
  const directory = await temporaryDirectory();
  const file = join(directory, 'config');
  await writeFile(file, kubeconfigText(server.url.startsWith('https') ? server : { url: server.url }, settings.cluster, settings.user));
  const { signal } = settings;
  const connected = await connectIn(
    { env: {}, home: directory, ...settings.surroundings },
    { kubeconfig: file, ...(signal === undefined ? {} : { signal }) },
  );
  onTestFinished(() => connected.close());
  return connected;
}
