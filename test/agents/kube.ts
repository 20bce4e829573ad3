import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent, AgentSpec, TunnelProvider } from '@heddle/core';

/** A tunnel's image under test; the cluster must have it. */
export interface TestedImage {
  readonly tunnel: TunnelProvider;
  readonly image: string;
}

/** A pod with nothing but an agent. */
export interface Shadow {
  readonly namespace: string;
  readonly pod: string;
  readonly agent: Agent;
}

export async function kubectl(args: readonly string[], input = ''): Promise<string> {
  const child = spawn('kubectl', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${err.trim()}`);
  return out;
}

/** A namespace that enforces PodSecurity `restricted`, deleted at the end without waiting. */
export async function createNamespace(name: string): Promise<{ readonly name: string } & AsyncDisposable> {
  await kubectl(['delete', 'namespace', name, '--ignore-not-found']);
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } });
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      await kubectl(['delete', 'namespace', name, '--wait=false']);
    },
  };
}

/** The Secret and the pod, running (ready or not). */
export async function startShadow(
  { tunnel, image }: TestedImage,
  namespace: string,
  pod: string,
  spec: Pick<AgentSpec, 'ports' | 'permitOpen'>,
): Promise<Shadow> {
  const agent = await tunnel.agent({ image, secretName: pod, ...spec });
  await apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: pod, namespace }, data: agent.secretData });
  await startPod(namespace, pod, { containers: [agent.container], volumes: agent.volumes });
  return { namespace, pod, agent };
}

/** A pod to call from, which has the programs of the agent's image. */
export async function startCaller({ tunnel, image }: TestedImage, namespace: string, pod: string): Promise<void> {
  const agent = await tunnel.agent({ image, secretName: 'none', ports: [], permitOpen: [] });
  const { readinessProbe: _, volumeMounts: __, ...container } = agent.container;
  await startPod(namespace, pod, { containers: [{ ...container, command: ['sleep', '3600'] }] });
}

async function startPod(namespace: string, name: string, spec: object): Promise<void> {
  const settings = { automountServiceAccountToken: false, terminationGracePeriodSeconds: 1 };
  await apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: { ...settings, ...spec } });
  await kubectl(['-n', namespace, 'wait', `pod/${name}`, '--for=jsonpath={.status.phase}=Running', '--timeout=60s']);
}

async function apply(object: object): Promise<void> {
  await kubectl(['apply', '-f', '-'], JSON.stringify(object));
}

export async function podAddress({ namespace, pod }: Shadow): Promise<string> {
  return await kubectl(['-n', namespace, 'get', 'pod', pod, '-o', 'jsonpath={.status.podIP}']);
}

export async function isReady({ namespace, pod }: Shadow): Promise<boolean> {
  const path = 'jsonpath={.status.containerStatuses[0].ready}';
  return (await kubectl(['-n', namespace, 'get', 'pod', pod, '-o', path])) === 'true';
}

/** Runs a program in a pod; what it prints. */
export async function runIn(namespace: string, pod: string, program: readonly string[]): Promise<string> {
  return await kubectl(['-n', namespace, 'exec', pod, '--', ...program]);
}

export async function eventually(what: string, check: () => Promise<boolean>, seconds = 15): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(200)) if (await check()) return;
  throw new Error(`not within ${seconds} s: ${what}`);
}
