import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, type KubeObject, metaOf } from '@heddle/core';
import type { Sandbox } from '@heddle/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Binding, bind } from '../src/composition-root.js';
import type { Check } from '../src/services/doctor/check.js';
import type { DoctorReport } from '../src/services/doctor/doctor.js';
import { PULL_LABEL } from '../src/services/image-pull/pull-pod.js';
import { TOKENS } from '../src/tokens.js';
import { until } from './support/laptop.js';
import { runCommand, startCommand } from './support/run-command.js';
import { type FakeControl, fakeControl, NAMESPACE, sandboxBindings, tomcatSandbox } from './support/sandbox-world.js';
import { expectShape } from './support/schemas.js';

let sandbox: Sandbox;
let folder: string;
let control: FakeControl;
/** The pods that were asked for. */
let made: KubeObject[];
beforeEach(async () => {
  sandbox = await tomcatSandbox();
  folder = mkdtempSync(join(tmpdir(), 'heddle-pull-'));
  control = fakeControl();
  made = [];
});
afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

const pods = () => sandbox.cluster('look').list({ group: '', kind: 'Pod', namespace: NAMESPACE, labelSelector: PULL_LABEL });
const noneLeft = () => until('the pod is gone', async () => (await pods()).length === 0);

/** `change` alters what the cluster of this run does. */
function bindings(change: (cluster: Cluster) => Partial<Cluster> = () => ({}), config = ''): readonly Binding[] {
  writeFileSync(join(folder, 'config.yaml'), config === '' ? '{}\n' : config);
  const connect = async (): Promise<Cluster> => {
    const cluster = sandbox.cluster('alice');
    const create: Cluster['create'] = (object, options) => {
      if (object.kind === 'Pod') made.push(object);
      return cluster.create(object, options);
    };
    return { ...cluster, create, ...change({ ...cluster, create }) };
  };
  const place = { env: {}, cwd: folder, configDir: folder, version: '0.1.0', packages: [], pluginProblems: [] };
  return [...sandboxBindings(sandbox), bind(TOKENS.connectCluster, connect), bind(TOKENS.control, control), bind(TOKENS.place, place)];
}

async function doctor(line: readonly string[], using: readonly Binding[]): Promise<{ code: number; image: Check; stderr: string }> {
  const { code, stdout, stderr } = await runCommand(['doctor', ...line, '-o', 'json'], using);
  const report = JSON.parse(stdout) as DoctorReport;
  expectShape('doctor', report);
  const image = report.checks.find(({ id }) => id === 'agent-image');
  if (image === undefined) throw new Error('the image was not looked at');
  return { code, image, stderr };
}

describe('heddle doctor --pull', () => {
  it('says what is configured and how to try it when it is not asked to', async () => {
    const { image } = await doctor(['--image', 'registry.example/agent:7'], bindings());
    expect(image).toMatchObject({ status: 'ok', message: 'registry.example/agent:7; add --pull to try it: a pod for a few seconds' });
    expect(made).toEqual([]);
  });

  it('makes a pod, sees that a node has the image, and deletes it', async () => {
    const { code, image, stderr } = await doctor(['--pull'], bindings());
    expect(image.message).toMatch(/^heddle-agent:0\.1\.0: node sandbox has it, \d+\.\d s after it was asked to$/);
    expect({ code, ...image }).toMatchObject({ code: 0, status: 'ok', next: [] });
    expect(stderr).toMatch(/^Making pod heddle-pull-[0-9a-f]{8}, which needs heddle-agent:0\.1\.0, and deleting it again\.\n/);
    await noneLeft();
  });

  it('says the kubelet’s words and what to do when the image cannot be pulled', async () => {
    const { code, image } = await doctor(['--pull', '--image', 'registry.invalid/agent:1'], bindings());
    expect(code).toBe(6);
    expect(image.status).toBe('failed');
    expect(image.message).toMatch(/^registry\.invalid\/agent:1 cannot be pulled \(ErrImagePull: failed to pull image "registry\.invalid/);
    expect(image.next[0]).toMatch(/^Push it where the nodes can pull it, or set agent\.image/);
    expect(image.next[1]).toContain('agent.pullSecret names a Secret of namespace mesh-demo');
    await noneLeft();
  });

  it('asks for it as a session would, and with no proxy, no rights and no traffic', async () => {
    const config = `agent:
  image: registry.invalid/agent:2
  imagePullPolicy: Always
  pullSecret: regcred
  nodeSelector: {disk: ssd}
  tolerations: [{key: gpu, operator: Exists}]
  labels: {run: tomcat}
  annotations: {team: shop}
`;
    const { image } = await doctor(['--pull'], bindings(undefined, config));
    expect(image.next[0]).toBe('Make the pull secret: there is no Secret regcred in namespace mesh-demo.');
    const [pod] = made;
    expect(metaOf(pod)).toMatchObject({
      labels: {
        'app.kubernetes.io/managed-by': 'heddle',
        'sidecar.istio.io/inject': 'false',
        run: 'tomcat',
        [PULL_LABEL]: metaOf(pod).name,
      },
      annotations: { team: 'shop' },
    });
    expect(metaOf(pod).labels).not.toHaveProperty('heddle.dev/session');
    expect(pod?.spec).toMatchObject({
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      activeDeadlineSeconds: 240,
      readinessGates: [{ conditionType: PULL_LABEL }],
      containers: [{ image: 'registry.invalid/agent:2', imagePullPolicy: 'Always' }],
      imagePullSecrets: [{ name: 'regcred' }],
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'gpu', operator: 'Exists' }],
    });
  });

  it('is admitted by a namespace that enforces restricted', async () => {
    const cluster = sandbox.cluster('admin');
    const home = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: NAMESPACE });
    if (home === undefined) throw new Error('no namespace');
    const labels = { ...metaOf(home).labels, 'pod-security.kubernetes.io/enforce': 'restricted' };
    await cluster.replace({ ...home, metadata: { ...(home.metadata as object), labels } });
    expect((await doctor(['--pull'], bindings())).image.status).toBe('ok');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s while it waits deletes the pod, the check says so, and shells see the signal', async (signal, expected) => {
    const never = bindings((cluster) => ({ create: (object) => cluster.create({ ...object, spec: waitsForSecret(object) }) }));
    const { result, terminal } = startCommand(['doctor', '--pull'], never);
    await until('it waits', () => terminal.stderr.text().includes('Waiting for the image: ContainerCreating'));
    control.send(signal);
    const { code, stdout, stderr } = await result;
    expect(code).toBe(expected);
    expect(stderr).toContain(`${signal}: deleting pod heddle-pull-`);
    expect(stdout).toMatch(/FAILED +Agent image +interrupted after \d\.\d s, before heddle-agent:0\.1\.0 was there\n/);
    await noneLeft();
    expect(control.exits).toEqual([]);
  });

  it('a second Ctrl-C ends at once and says what is left', async () => {
    const stuck = bindings((cluster) => ({
      create: (object) => cluster.create({ ...object, spec: waitsForSecret(object) }),
      delete: () => new Promise(() => undefined),
    }));
    const { terminal } = startCommand(['doctor', '--pull'], stuck);
    await until('it waits', () => terminal.stderr.text().includes('Waiting for the image'));
    control.send('SIGINT');
    control.send('SIGINT');
    expect(control.exits).toEqual([5]);
    expect(terminal.stderr.text()).toMatch(/Pod (heddle-pull-\w+) may still be there\. Delete it: kubectl delete pod \1 -n mesh-demo\n$/);
  });

  it('gives up after agent.readyTimeout, and deletes the pod', async () => {
    const slow = (cluster: Cluster) => ({
      create: (object: KubeObject) => cluster.create({ ...object, spec: waitsForSecret(object) }),
    });
    const { image } = await doctor(['--pull'], bindings(slow, 'agent: {readyTimeout: 1}\n'));
    expect(image).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/^heddle-agent:0\.1\.0 is not there after 1\.\d s \(ContainerCreating\)$/),
    });
    await noneLeft();
  });

  it('deletes a pod whose creation was not answered', async () => {
    const lost = bindings((cluster) => ({
      create: async (object) => {
        await cluster.create(object);
        throw new Error('the connection was reset');
      },
    }));
    const { image } = await doctor(['--pull'], lost);
    expect(image).toMatchObject({ status: 'failed', message: 'the connection was reset' });
    expect(made).toHaveLength(1);
    await noneLeft();
  });

  it('says when the pod could not be deleted, and how to do it', async () => {
    const refuse = sandbox.faults.deny(({ resource, verb }) => resource === 'pods' && verb === 'delete');
    const { image } = await doctor(['--pull'], bindings());
    refuse();
    const name = metaOf(made[0]).name;
    expect(image).toMatchObject({
      status: 'warning',
      message: expect.stringContaining(`; pod ${name} is left: `),
      next: [`Delete it: kubectl delete pod ${name} -n mesh-demo`],
    });
  });

  it('a pod that a killed doctor left is no session’s, and goes with the next clean or --pull', async () => {
    await doctor([], bindings());
    await doctor(
      ['--pull'],
      bindings((cluster) => ({ delete: () => Promise.reject(new Error('killed')), watch: cluster.watch })),
    );
    const name = metaOf(made[0]).name;
    const dry = await runCommand(['clean', '--dry-run'], bindings());
    expect(dry.stdout).toContain(`- Pod mesh-demo/${name} (delete)`);
    expect(dry.stdout).not.toContain('record');
    expect(await pods()).toHaveLength(1);
    const cleaned = await runCommand(['clean'], bindings());
    expect(cleaned).toMatchObject({ code: 0, stdout: expect.stringContaining(`- Pod mesh-demo/${name} (deleted)`) });
    await noneLeft();
    await doctor(
      ['--pull'],
      bindings(() => ({ delete: () => Promise.reject(new Error('killed')) })),
    );
    expect(await pods()).toHaveLength(1);
    await doctor(['--pull'], bindings());
    await noneLeft();
  });

  it('so does one that no node ever took, once its time is up', async () => {
    const killed = (cluster: Cluster) => ({
      create: (object: KubeObject) => cluster.create({ ...object, spec: waitsForSecret(object) }),
      delete: () => Promise.reject(new Error('killed')),
    });
    await doctor(['--pull'], bindings(killed, 'agent: {readyTimeout: 1}\n'));
    expect((await runCommand(['clean'], bindings())).stdout).toBe('Nothing to clean up.\n');
    const later = (cluster: Cluster) => ({ serverTime: async () => (await cluster.serverTime()) + 70_000 });
    expect((await runCommand(['clean'], bindings(later))).stdout).toMatch(/Pod mesh-demo\/heddle-pull-\w+ \(deleted\)/);
    await noneLeft();
  });
});

/** The pod's spec with a Secret that never comes, so that it stays ContainerCreating. */
function waitsForSecret({ spec }: KubeObject): object {
  return { ...(spec as object), volumes: [{ name: 'never', secret: { secretName: 'never' } }] };
}
