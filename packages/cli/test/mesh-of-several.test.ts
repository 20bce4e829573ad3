import { adapter } from '@heddle/adapter-kuma';
import { scenarios } from '@heddle/adapter-kuma/scenarios';
import { type KubeObject, metaOf, TIMING } from '@heddle/core';
import { createSandbox } from '@heddle/sandbox';
import { agent } from '@heddle/tunnel-ssh/in-process';
import { expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { bothMeshes } from './support/both-meshes.js';
import { ask, localApplication, until } from './support/laptop.js';
import { runCommand, startCommand } from './support/run-command.js';
import { fakeControl } from './support/sandbox-world.js';

const NAMESPACE = 'kong-mesh-app';
const mesh = (name: string): KubeObject => ({ apiVersion: 'kuma.io/v1alpha1', kind: 'Mesh', metadata: { name }, spec: {} });

/** The benigno scenario in a Mesh that its Namespace names, beside two others. */
async function greenSandbox() {
  const scenario = scenarios.find(({ id }) => id === 'benigno');
  if (scenario === undefined) throw new Error('no such scenario');
  const objects = scenario.objects.map((object) => {
    const { name, labels } = metaOf(object);
    const isHome = object.kind === 'Namespace' && name === NAMESPACE;
    return isHome ? { ...object, metadata: { name, labels: { ...labels, 'kuma.io/mesh': 'green' } } } : object;
  });
  return await createSandbox({ adapter, scenario: { ...scenario, objects: [...objects, mesh('green'), mesh('blue')] }, agents: [agent] });
}

it('callers in a Mesh are one view, the shadow among them, whatever label says so', async () => {
  const sandbox = await greenSandbox();
  const laptop = await localApplication();
  const control = fakeControl();
  const bindings = [
    ...bothMeshes,
    bind(TOKENS.listContexts, async () => [{ name: 'sandbox', cluster: 'sandbox', namespace: NAMESPACE, current: true }]),
    bind(TOKENS.connectCluster, async () => sandbox.cluster('alice')),
    bind(TOKENS.timing, { ...TIMING, settleMs: 50, proofRetryMs: 50, backOffFirstMs: 50, withdrawMs: 1_000 }),
  ];
  const line = ['mesh', 'benigno', '--expose', `${laptop.port}:5000`, '--header', 'x-dev=alice', '--yes', '--image', 'heddle-agent:test'];
  const running = startCommand(line, [...bindings, bind(TOKENS.control, control)]);
  const text = () => running.terminal.stdout.text();
  let ended = false;
  void running.result.then(() => {
    ended = true;
  });
  await until('the session is active or over', () => ended || text().includes('end it'));
  expect(ended ? await running.result : undefined).toBeUndefined();
  expect(text()).toMatch(/^ {2}proof {4}pods in Mesh green: proved\n {2}end it/m);
  expect(await ask(sandbox.clientUrl, { host: 'benigno:5000', 'x-dev': 'alice' })).toBe('200 laptop /');

  const shown = await runCommand(['route', 'show', 'benigno'], bindings);
  expect(shown.stdout.match(/^Pods in .*?, port/gm)).toEqual(['Pods in Mesh green, port']);
  control.send('SIGINT');
  expect(await running.result).toMatchObject({ code: 0 });
  await laptop.close();
  await sandbox.stop();
});
