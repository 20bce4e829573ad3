import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, type Cluster, messageOf } from '@heddle/core';
import type { HeddleConfig } from '../../config/types.js';
import { cliError } from '../../errors/cli-error.js';
import type { Connections } from '../connections.js';
import type { RouteService } from '../route.js';
import { routeDocument } from '../route-document.js';
import type { SessionsService } from '../sessions.js';
import type { VersionReport } from '../version.js';
import type { DoctorReport, DoctorRequest } from './doctor.js';
import { redact } from './redact.js';

/** What a report of a bug needs to know; written as one JSON file that its author can read before sending it. */
export interface Bundle {
  readonly about: string;
  readonly writtenAt: string;
  readonly version: VersionReport;
  readonly doctor: DoctorReport;
  readonly config: unknown;
  readonly variables: unknown;
  readonly cluster: unknown;
  readonly sessions: unknown;
  readonly routes: unknown;
}

export interface BundleFacts {
  readonly version: VersionReport;
  readonly doctor: DoctorReport;
  readonly config: HeddleConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cluster: unknown;
  readonly sessions: unknown;
  readonly routes: unknown;
}

export interface BundleDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly folder: string;
  readonly version: VersionReport;
  readonly config: HeddleConfig;
  readonly env: BundleFacts['env'];
  readonly connections: Connections;
  readonly sessions: Pick<SessionsService, 'list'>;
  readonly route: RouteService;
}

/** Gathers the facts and writes `heddle-doctor-<time>.json` into the folder; returns its path. Throws `bundle-unwritable`. */
export async function writeBundle(deps: BundleDeps, doctor: DoctorReport, request: DoctorRequest): Promise<string> {
  const { version, config, env, service } = { ...deps, ...request };
  const facts: BundleFacts = {
    version,
    doctor,
    config,
    env,
    cluster: await attempt(async () => clusterFacts((await deps.connections.open()).cluster)),
    sessions: await attempt(() => deps.sessions.list({ allNamespaces: false })),
    routes:
      service === undefined ? 'no service was named' : await attempt(async () => routeDocument(await deps.route.show({ name: service }))),
  };
  const writtenAt = new Date(deps.clock.now()).toISOString();
  const file = join(deps.folder, `heddle-doctor-${writtenAt.replaceAll(/[:.]/g, '-')}.json`);
  try {
    writeFileSync(file, `${JSON.stringify(bundleOf(facts, writtenAt), undefined, 2)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw cliError(
      'bundle-unwritable',
      `The bundle ${file} cannot be written: ${messageOf(error)}.`,
      ['Run heddle doctor --bundle in a folder that you may write to.'],
      error,
    );
  }
  return file;
}

/** A bundle is wanted most when things do not work: what cannot be read is replaced by the reason. */
async function attempt(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    return { unread: messageOf(error) };
  }
}

function bundleOf(facts: BundleFacts, writtenAt: string): Bundle {
  const { version, doctor, config, env, cluster, sessions, routes } = facts;
  const variables = Object.fromEntries(
    Object.entries(env).filter(([name]) => /^(HEDDLE_|KUBECONFIG$|CI$|TERM$|NO_COLOR$|FORCE_COLOR$|LANG$)/.test(name)),
  );
  return {
    about: 'Facts for a report about heddle. Secrets, tokens and keys were left out; read it before you send it.',
    writtenAt,
    version,
    doctor: redact(doctor) as DoctorReport,
    config: redact(config),
    variables: redact(variables),
    cluster: redact(cluster),
    sessions: redact(sessions),
    routes: redact(routes),
  };
}

/** What discovery tells: the server's version and the kinds that are not Kubernetes' own. */
async function clusterFacts(cluster: Cluster): Promise<unknown> {
  const { version, served } = await cluster.discover();
  const foreign = served.filter(({ group }) => group.includes('.') && !group.endsWith('.k8s.io'));
  return { version, kinds: foreign.map(({ group, kind, versions }) => `${kind}.${group} (${versions.join(', ')})`) };
}
