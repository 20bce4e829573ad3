import type { AgentSpec } from '@heddle/core';
import { expect, test } from 'vitest';
import { makeAgent } from './agent.js';
import { credentialsOf } from './credentials.js';
import { parseSessionConfig } from './session-config.js';

const spec: AgentSpec = {
  image: 'registry.example/agent:1',
  secretName: 'heddle-abc',
  ports: [
    { name: 'http', port: 8080 },
    { name: 'grpc', port: 9090 },
  ],
  permitOpen: [{ host: 'tomcat.mesh-demo.svc.cluster.local', port: 8080 }],
};
const decode = (value: string | undefined) => Buffer.from(value ?? '', 'base64').toString();

test('the container has what PodSecurity restricted asks for, and limits', () => {
  const { container, volumes } = makeAgent(spec);
  expect(container).toMatchObject({
    name: 'heddle-agent',
    image: 'registry.example/agent:1',
    securityContext: {
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    readinessProbe: { exec: { command: ['/etc/heddle/ready', '8080', '9090'] }, periodSeconds: 1 },
  });
  const { securityContext, resources } = container as {
    securityContext: { runAsUser: number };
    resources: Record<string, Record<string, string>>;
  };
  expect(securityContext.runAsUser).toBeGreaterThanOrEqual(10_000);
  for (const kind of ['requests', 'limits']) expect(Object.keys(resources[kind] ?? {})).toEqual(['cpu', 'memory']);
  expect(volumes).toEqual([{ name: 'heddle-agent', secret: { secretName: 'heddle-abc', defaultMode: 0o444 } }]);
  expect(container).not.toHaveProperty('imagePullPolicy');
  expect(makeAgent({ ...spec, imagePullPolicy: 'Never' }).container).toMatchObject({ imagePullPolicy: 'Never' });
});

test('the Secret allows the ports and the pair, and holds the halves that the pod needs', () => {
  const { secretData, credentials } = makeAgent(spec);
  expect(parseSessionConfig(decode(secretData['session.conf']))).toEqual({
    port: 2222,
    permitListen: [8080, 9090],
    permitOpen: spec.permitOpen,
  });
  const { clientPublic, clientKey, hostPublic } = credentialsOf(credentials);
  expect(decode(secretData.authorized_keys)).toBe(`ssh-ed25519 ${clientPublic.toString('base64')}\n`);
  expect(decode(secretData.host_key)).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
  expect(hostPublic.equals(clientPublic)).toBe(false);
  // The client's private half is nowhere but in its KeyObject, which does not print itself.
  const seed = Buffer.from(clientKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  expect(seed).toHaveLength(32);
  for (const value of Object.values(secretData)) {
    expect(Buffer.from(value, 'base64').includes(seed)).toBe(false);
    expect(decode(value)).not.toContain(seed.toString('base64'));
  }
  expect(JSON.stringify(credentials)).not.toContain(clientKey.export({ format: 'jwk' }).d);
});

test('every session has keys of its own', () => {
  const [one, two] = [makeAgent(spec), makeAgent(spec)];
  expect(one.secretData.authorized_keys).not.toBe(two.secretData.authorized_keys);
  expect(one.secretData.host_key).not.toBe(two.secretData.host_key);
});

test("sshd steps aside when the session's ports include its own", () => {
  const ports = [2222, 2223].map((port) => ({ name: `p${port}`, port }));
  const agent = makeAgent({ ...spec, ports });
  expect(agent.port).toBe(2224);
  expect(agent.container).toMatchObject({
    ports: [{ name: 'heddle-ssh', containerPort: 2224 }, { containerPort: 2222 }, { containerPort: 2223 }],
  });
});

test('refuses ports that need a privilege', () => {
  expect(() => makeAgent({ ...spec, ports: [{ name: 'http', port: 80 }] })).toThrow('expected ports from 1024 on, received 80');
});
