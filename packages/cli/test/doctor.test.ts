import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, ClusterError, metaOf, refOf } from '@heddle/core';
import type { Sandbox } from '@heddle/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import type { DoctorReport } from '../src/services/doctor/doctor.js';
import { TOKENS } from '../src/tokens.js';
import { localApplication } from './support/laptop.js';
import { runCommand } from './support/run-command.js';
import { sandboxBindings, tomcatSandbox } from './support/sandbox-world.js';
import { expectShape } from './support/schemas.js';

let sandbox: Sandbox;
let laptop: Awaited<ReturnType<typeof localApplication>>;
beforeAll(async () => {
  sandbox = await tomcatSandbox();
  laptop = await localApplication();
});
afterAll(async () => {
  await laptop.close();
  await sandbox.stop();
});

async function doctor(...line: string[]): Promise<{ code: number; report: DoctorReport; status: Record<string, string> }> {
  const { code, stdout, stderr } = await runCommand(['doctor', ...line, '-o', 'json'], sandboxBindings(sandbox));
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as DoctorReport;
  expectShape('doctor', report);
  return { code, report, status: Object.fromEntries(report.checks.map(({ id, status }) => [id, status])) };
}

describe('heddle doctor', () => {
  it('finds nothing wrong with the sandbox, and plans a session', async () => {
    const { code, status } = await doctor('tomcat', '--expose', `${laptop.port}:8080`);
    expect(code).toBe(0);
    expect(status).toEqual({
      plugins: 'ok',
      kubeconfig: 'ok',
      'api-server': 'ok',
      namespace: 'ok',
      mesh: 'ok',
      rights: 'ok',
      injection: 'ok',
      'pod-security': 'ok',
      sessions: 'ok',
      routes: 'ok',
      service: 'ok',
      plan: 'ok',
      'agent-image': 'warning',
      'local-port': 'ok',
    });
    expect((await sandbox.cluster().list({ group: 'coordination.k8s.io', kind: 'Lease', namespace: 'mesh-demo' })).length).toBe(0);
  });

  it('reads well as text', async () => {
    const { stdout, code } = await runCommand(['doctor'], sandboxBindings(sandbox));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^ok {7}Kubeconfig +context sandbox, namespace mesh-demo\nok {7}Adapters and tunnels {6}installed: istio, ssh; a session's tunnel: ssh\n/,
    );
    expect(stdout).toMatch(/warning {2}Agent image +heddle-agent:\S+, the built-in name.*\n +next: Build it/);
    expect(stdout).toMatch(/\n\nNothing keeps a session from working; 1 warning\.\n$/);
  });

  it('counts the pods that call somebody: not those that have ended, and none of heddle’s', async () => {
    const cluster = sandbox.cluster('test');
    const pod = (name: string, labels: object) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'mesh-demo', labels: { 'sidecar.istio.io/inject': 'false', ...labels } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'x' }] },
    });
    const job = await cluster.create(pod('job', {}));
    const ours = await cluster.create({ ...pod('ours', { 'app.kubernetes.io/managed-by': 'heddle' }) });
    const { report } = await doctor();
    for (const object of [job, ours]) {
      const live = metaOf(await cluster.get(refOf(object)));
      await cluster.delete(refOf(object), { uid: live.uid ?? '', resourceVersion: live.resourceVersion ?? '' }, { gracePeriodSeconds: 0 });
    }
    expect(report.checks.find(({ id }) => id === 'injection')?.message).toBe('2 of 2 pods in mesh-demo have the proxy of Istio');
  });

  it('names missing rights, and ends with 6', async () => {
    const allow = sandbox.faults.deny(({ resource, verb }, client) => client === 'alice' && resource === 'pods' && verb === 'create');
    const { code, report, status } = await doctor();
    allow();
    expect(code).toBe(6);
    expect(report.healthy).toBe(false);
    expect(status.rights).toBe('failed');
    expect(report.checks.find(({ id }) => id === 'rights')?.message).toBe('missing: create pods, pods/portforward in mesh-demo');
  });

  it('warns of a missing right that not every session needs; the plan knows whether this one does', async () => {
    const allow = sandbox.faults.deny(({ resource, verb }) => resource === 'virtualservices' && verb === 'update');
    const general = await doctor();
    const planned = await doctor('tomcat', '--expose', `${laptop.port}:8080`);
    allow();
    expect(general).toMatchObject({ code: 0, status: { rights: 'warning' } });
    expect(planned).toMatchObject({ code: 6, status: { rights: 'warning', plan: 'failed' } });
  });

  it('knows that nothing can be planned by somebody who may not list in all namespaces, and what would help', async () => {
    const allow = sandbox.faults.deny(
      ({ resource, verb, namespace }) =>
        (verb === 'list' || verb === 'watch') && namespace === undefined && ['virtualservices', 'services'].includes(resource),
    );
    const { code, report, status } = await doctor('tomcat', '--expose', `${laptop.port}:8080`);
    allow();
    expect({ code, rights: status.rights, plan: status.plan }).toEqual({ code: 6, rights: 'failed', plan: 'failed' });
    const rights = report.checks.find(({ id }) => id === 'rights');
    expect(rights?.message).toMatch(/^missing: list\/watch virtualservices\.networking\.istio\.io, services in all namespaces; /);
    expect(rights?.next).toEqual(['Ask for the right to list and watch these: the guide has a ClusterRole, under Rights.']);
  });

  it('names each right to list that a plan asks for', async () => {
    const asked = new Set<string>();
    const stop = sandbox.faults.add(({ verb, resource, namespace, client }, phase) => {
      if (phase === 'before' && verb === 'list' && client === 'planner') asked.add(`${resource} ${namespace ?? '*'}`);
    });
    await runCommand(['mesh', 'tomcat', '--expose', '1:8080', '--dry-run'], sandboxBindings(sandbox, 'planner'));
    stop();
    const allow = sandbox.faults.deny(({ verb }, client) => client === 'guest' && verb === 'list');
    const { stdout } = await runCommand(['doctor', 'tomcat', '-o', 'json'], sandboxBindings(sandbox, 'guest'));
    allow();
    const message = (JSON.parse(stdout) as DoctorReport).checks.find(({ id }) => id === 'rights')?.message ?? '';
    // The first two lead to notes alone; without the others the check of the mesh says what is assumed.
    const optional = ['poddisruptionbudgets', 'networkpolicies', 'deployments', 'configmaps'];
    const missing = [...asked].map((one) => one.split(' ')[0] ?? '').filter((name) => !optional.includes(name) && !message.includes(name));
    expect(asked.size).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });

  it('asks for the rights that planning a session asks for', async () => {
    const asked: string[][] = [];
    const connect = async (): Promise<Cluster> => {
      const cluster = sandbox.cluster('alice');
      const can: Cluster['can'] = (checks) => {
        asked.push(
          checks.map(({ group, resource, subresource, namespace, verb }) => [verb, group, resource, subresource, namespace].join(' ')),
        );
        return cluster.can(checks);
      };
      return { ...cluster, can };
    };
    const bindings = [...sandboxBindings(sandbox), bind(TOKENS.connectCluster, connect)];
    await runCommand(['doctor'], bindings);
    const [own = [], mesh = []] = asked.splice(0);
    await runCommand(['mesh', 'tomcat', '--expose', '1:8080', '--dry-run'], bindings);
    const [ownOfPlan = [], ...others] = asked;
    expect(own.length).toBeGreaterThan(10);
    expect([...own].sort()).toEqual([...ownOfPlan].sort());
    expect(mesh).toEqual(expect.arrayContaining(others.flat()));
    expect(others.flat().length).toBeGreaterThan(0);
  });

  it('says what is wrong with the service, its port and the local port', async () => {
    const unknown = await doctor('tomcta', '--expose', '8080');
    expect(unknown.status).toMatchObject({ service: 'failed', plan: 'skipped' });
    const port = await doctor('tomcat', '--expose', `${laptop.port}:9`);
    expect(port.report.checks.find(({ id }) => id === 'service')?.message).toContain('has no port 9; it has 8080');
    const local = await doctor('--expose', '1:8080');
    expect(local.status['local-port']).toBe('failed');
    expect(local.code).toBe(6);
  });

  it('skips what needs a cluster when there is none, and still looks at the rest', async () => {
    const unreachable = new ClusterError({
      reason: 'Unreachable',
      status: 0,
      message: 'connect ECONNREFUSED 127.0.0.1:1',
      next: ['start it'],
    });
    const cluster = { ...sandbox.cluster(), discover: () => Promise.reject(unreachable) };
    const { code, stdout } = await runCommand(
      ['doctor', '-o', 'json'],
      [...sandboxBindings(sandbox), bind(TOKENS.connectCluster, async () => cluster)],
    );
    const { checks } = JSON.parse(stdout) as DoctorReport;
    expect(code).toBe(6);
    expect(checks.filter(({ status }) => status === 'failed').map(({ id }) => id)).toEqual(['api-server']);
    expect(checks.find(({ id }) => id === 'api-server')).toMatchObject({
      message: expect.stringContaining('ECONNREFUSED'),
      next: ['start it'],
    });
    expect(checks.find(({ id }) => id === 'rights')).toMatchObject({ status: 'skipped', message: 'the API server was not reached' });
    expect(checks.find(({ id }) => id === 'agent-image')?.status).toBe('warning');
  });

  it('--bundle writes the facts into a file that only its owner can read, without secrets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heddle-bundle-'));
    const place = {
      env: { HEDDLE_NAMESPACE: 'mesh-demo', HEDDLE_TOKEN: 'S3CR3T', PATH: '/bin' },
      cwd: folder,
      configDir: folder,
      version: '0.1.0',
      packages: [],
      pluginProblems: [],
    };
    const { code, stdout } = await runCommand(['doctor', 'tomcat', '--bundle'], [...sandboxBindings(sandbox), bind(TOKENS.place, place)]);
    expect(code).toBe(0);
    const [file = ''] = readdirSync(folder);
    expect(file).toMatch(/^heddle-doctor-\d{4}-.*\.json$/);
    expect(stdout).toContain(join(folder, file));
    const text = readFileSync(join(folder, file), 'utf8');
    const bundle: unknown = JSON.parse(text);
    expect(bundle).toMatchObject({
      doctor: { healthy: true },
      variables: { HEDDLE_NAMESPACE: 'mesh-demo', HEDDLE_TOKEN: '<hidden>' },
      cluster: {
        version: expect.stringMatching(/^v1\./),
        kinds: expect.arrayContaining([expect.stringContaining('VirtualService.networking.istio.io')]),
      },
      sessions: { sessions: [] },
      routes: { mesh: 'Istio' },
    });
    expect(text).not.toContain('S3CR3T');
    expect(text).not.toContain('/bin');
    rmSync(folder, { recursive: true });
  });

  it('--bundle into a folder that cannot be written to is one clear error', async () => {
    const place = { env: {}, cwd: '/proc/heddle', configDir: '/proc/heddle', version: '0.1.0', packages: [], pluginProblems: [] };
    const { code, stderr } = await runCommand(['doctor', '--bundle'], [...sandboxBindings(sandbox), bind(TOKENS.place, place)]);
    expect(code).toBe(2);
    expect(stderr).toContain('code: bundle-unwritable (exit 2)');
  });
});
